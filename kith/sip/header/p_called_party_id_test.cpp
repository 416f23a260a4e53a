#include "kith/sip/header/p_called_party_id.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 7315 §5.2: P-Called-Party-ID is an address in brackets") {
  test::accepts<PCalledPartyId>(
      {{"<sip:user1@example.com>", ""}, {"\"A, B\" <sip:user1@example.com;user=phone>;x", ""}});
  test::refuses<PCalledPartyId>({"", "<>", "sip:", "<sip:a@b>, <sip:c@d>", "<sip:a@b> x", "\"A\""});
  test::tolerates<PCalledPartyId>({{"sip:a@b", "address without angle brackets", "<sip:a@b>"}});
}
