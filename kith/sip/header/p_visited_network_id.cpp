#include "kith/sip/header/p_visited_network_id.h"

#include "kith/sip/shape/token_or_quoted.h"

namespace kith::sip {

bool read(Scanner& in, PVisitedNetworkIdView& to) {
  return read_token_or_quoted(in, to.network, to.quoted) && read(in, to.params);
}

PVisitedNetworkId own(const PVisitedNetworkIdView& view) {
  return {unquote(view.network), view.quoted, own(view.params)};
}

template <class Text>
void BasicPVisitedNetworkId<Text>::write(Writer& out) const {
  write_token_or_quoted(out, network, quoted);
  params.write(out);
}

template void PVisitedNetworkId::write(Writer&) const;
template void PVisitedNetworkIdView::write(Writer&) const;

}  // namespace kith::sip
