#include "kith/sip/header/presence_state.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("presence-state") {
  test::accepts<PresenceState>(
      {{"register-action=\"added\"", ""}, {"register-action=fixed", "register-action=\"fixed\""}});
  test::refuses<PresenceState>(
      {"", "register-action", "register-action=", "action=\"added\"", "register-action=\"added"});
}
