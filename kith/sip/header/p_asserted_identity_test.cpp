#include "kith/sip/header/p_asserted_identity.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3325 §9.1: P-Asserted-Identity") {
  test::accepts<PAssertedIdentity>({{"\"Bob\" <sip:a@b>", ""}, {"tel:+1", "<tel:+1>"}});
  test::refuses<PAssertedIdentity>({"", "<sip:a", "\"Bob\""});
  test::tolerates<PAssertedIdentity>(
      {{"<sip:a@b>;x=1", "parameters where there are none", "<sip:a@b>;x=1"},
       {"sip:a@b;tag=1", "parameters where there are none", "<sip:a@b>;tag=1"}});
}
