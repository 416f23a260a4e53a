#include "kith/sip/header/p_preferred_identity.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3325 §9.2: P-Preferred-Identity") {
  test::accepts<PPreferredIdentity>({{"\"Bob\" <sip:a@b>", ""}, {"tel:+1", "<tel:+1>"}});
  test::refuses<PPreferredIdentity>({"", "<sip:a", "\"Bob\""});
  test::tolerates<PPreferredIdentity>(
      {{"<sip:a@b>;x=1", "parameters where there are none", "<sip:a@b>;x=1"},
       {"sip:a@b;tag=1", "parameters where there are none", "<sip:a@b>;tag=1"}});
}
