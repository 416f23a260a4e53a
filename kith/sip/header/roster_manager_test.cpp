#include "kith/sip/header/roster_manager.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("Roster-Manager: one address") {
  test::accepts<RosterManager>(
      {{"<sip:walt@lab.example>", ""}, {"sip:walt@lab.example", "<sip:walt@lab.example>"}});
  test::refuses<RosterManager>({"", "walt", "<sip:a@b>, <sip:c@d>", "<sip:a@b> x"});
}
