#include "kith/sip/header/triggered_invite.h"

namespace kith::sip {

std::optional<TriggeredInvite> TriggeredInvite::parse(Scanner& in) {
  if (in.keyword("TRUE")) return TriggeredInvite{true};
  if (in.keyword("FALSE")) return TriggeredInvite{false};
  return std::nullopt;
}

}  // namespace kith::sip
