#include "kith/sip/header/presence_state.h"

namespace kith::sip {

bool read(Scanner& in, PresenceStateView& to) {
  if (!in.keyword("register-action") || !in.separator('=')) return false;
  if (!(in.peek() == '"' ? in.quoted(to.register_action) : in.token(to.register_action)))
    return false;
  ParamsView others;
  return read(in, others);
}

PresenceState own(const PresenceStateView& view) { return {unquote(view.register_action)}; }

}  // namespace kith::sip
