#include "kith/sip/header/p_associated_uri.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 7315 §5.1: P-Associated-URI is an address in brackets") {
  test::accepts<PAssociatedUri>({{"<sip:alice@home.example>", ""},
                                 {"\"Alice\" <tel:+15551234>;x=1", ""},
                                 {"Alice <sip:a@b> ; x", "\"Alice\" <sip:a@b>;x"}});
  test::refuses<PAssociatedUri>({"", "<sip:a@b", "\"Alice\"", "<sip:a@b> x", "<sip:a@b>;=1"});
  test::tolerates<PAssociatedUri>({{"sip:a@b", "address without angle brackets", "<sip:a@b>"}});
}

TEST_CASE("RFC 7315 §5.1: P-Associated-URI may hold nothing") {
  CHECK(PAssociatedUri::name.may_be_empty);
  CHECK(PAssociatedUri::name.multi);
}
