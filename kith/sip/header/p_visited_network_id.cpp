#include "kith/sip/header/p_visited_network_id.h"

#include <algorithm>

namespace kith::sip {

bool read(Scanner& in, PVisitedNetworkIdView& to) {
  to.quoted = in.peek() == '"';
  return (to.quoted ? in.quoted(to.network) : in.token(to.network)) && read(in, to.params);
}

PVisitedNetworkId own(const PVisitedNetworkIdView& view) {
  return {unquote(view.network), view.quoted, own(view.params)};
}

template <class Text>
void BasicPVisitedNetworkId<Text>::write(Writer& out) const {
  const bool token =
      !network.empty() && std::ranges::all_of(network, [](char c) { return token_chars[c]; });
  if (token && !quoted)
    out << network;
  else if constexpr (Owning<Text>)
    out.quoted(network);
  else
    out << '"' << network << '"';
  params.write(out);
}

template void PVisitedNetworkId::write(Writer&) const;
template void PVisitedNetworkIdView::write(Writer&) const;

}  // namespace kith::sip
