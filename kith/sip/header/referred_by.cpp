#include "kith/sip/header/referred_by.h"

#include "kith/base/text.h"

namespace kith::sip {

namespace {

/// sip-clean-msg-id, without its quotes: dot-atom "@" ( dot-atom / host )
bool is_message_id(std::string_view text) {
  constexpr CharSet left = token_chars;
  constexpr CharSet right = token_chars | CharSet{"[]:"};
  Scanner in(text);
  std::string_view part;
  return in.run(left, part) && in.next('@') && in.run(right, part) && in.at_end();
}

bool is_message_id_if_there(const ParamsView& params) {
  const std::optional<std::string_view> cid = params.find("cid");
  return !cid || is_message_id(*cid);
}

}  // namespace

bool read(Scanner& in, ReferredByView& to) {
  return read_address(in, to.display_name, to.uri, Brackets::optional) && read(in, to.params) &&
         is_message_id_if_there(to.params);
}

ReferredBy own(const ReferredByView& view) {
  return {unquote(view.display_name), own(view.uri), own(view.params)};
}

}  // namespace kith::sip
