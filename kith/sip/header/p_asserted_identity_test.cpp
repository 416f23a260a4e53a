#include "kith/sip/header/p_asserted_identity.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3325 §9.1: P-Asserted-Identity") {
  test::accepts<PAssertedIdentity>({{"\"Bob\" <sip:a@b>", ""}, {"tel:+1", "<tel:+1>"}});
  test::refuses<PAssertedIdentity>({"", "<sip:a", "\"Bob\""});
}
