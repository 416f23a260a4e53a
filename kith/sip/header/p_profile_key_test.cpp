#include "kith/sip/header/p_profile_key.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 5002 §5: P-Profile-Key is an address, perhaps without brackets") {
  test::accepts<PProfileKey>(
      {{"<sip:chatroom-!.*!@example.com>", ""}, {"sip:a@b;x=1", "<sip:a@b>;x=1"}});
  test::refuses<PProfileKey>({"", "<sip:a@b", "<sip:a@b>, <sip:c@d>", "a@b", "sip:a@b?x=y"});
}
