#include "kith/sip/header/p_preferred_registrar.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("P-Preferred-Registrar: one address") {
  test::accepts<PPreferredRegistrar>({{"<sip:hs2.lab.example;transport=tls>", ""},
                                      {"sip:hs2.lab.example", "<sip:hs2.lab.example>"}});
  test::refuses<PPreferredRegistrar>({"", "hs2.lab.example", "<sip:a>, <sip:b>", "<sip:a> x"});
}
