#include "kith/sip/header/presence_state.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("[MS-SIPREGE] §3.1.1.5.1: presence-state says what became of a registration") {
  test::accepts<PresenceState>({{"register-action=\"added\"", ""},
                                {"register-action=fixed", "register-action=\"fixed\""},
                                {"register-action=\"added\" ;x=1", "register-action=\"added\""}});
  test::refuses<PresenceState>({"", "register-action", "register-action=", "action=\"added\"",
                                "register-action=\"added", "register-action=\"added\";=1"});
}
