#include "kith/sip/header/via.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.42: Via") {
  test::accepts<Via>({{"SIP/2.0/TCP a.example:5060;branch=z9hG4bK1;rport", ""},
                      {"sip / 2.0 / tcp  [::1] : 5060 ;received=192.0.2.1",
                       "SIP/2.0/tcp [::1]:5060;received=192.0.2.1"},
                      {"SIP/2.0/UDP 192.0.2.1", ""},
                      {"SIP/2.0/UDP a;received=[::1]", ""}});
  test::refuses<Via>({"", "SIP/2.0", "SIP/2.0/TCP", "SIP/3.0/TCP a", "HTTP/2.0/TCP a",
                      "SIP/2.0/TCP a:", "SIP/2.0/TCP a:0", "SIP/2.0/TCP a:65536",
                      "SIP/2.0/TCP [::1", "SIP/2.0/TCP a b", "SIP/2.0/TCP a;=x"});
  test::tolerates<Via>({{"SIP/2.0/TCP a;branch=z9@x", "unquoted character in a parameter value",
                         "SIP/2.0/TCP a;branch=z9@x"},
                        {"SIP/2.0/TCP a;", "empty parameter", "SIP/2.0/TCP a"},
                        {"SIP/2.0/TCP a_b", "underscore in a host name", "SIP/2.0/TCP a_b"}});
}
