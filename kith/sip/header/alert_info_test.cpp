#include "kith/sip/header/alert_info.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.4: Alert-Info") {
  test::accepts<AlertInfo>({{"<http://www.example.com/sounds/moo.wav>", ""},
                            {"<http://a/?b=c,d;e> ; x=\"y\" ;z", "<http://a/?b=c,d;e>;x=\"y\";z"},
                            {"<sip:a@b;transport=tcp>", ""}});
  test::refuses<AlertInfo>({"", "<>", "http://a", "sip:a@b", "\"A\" <http://a>", "A <http://a>",
                            "<http://a", "<http://a> x", "<http>", "<http://a>;="});
  test::tolerates<AlertInfo>({{"< http://a >", "blanks inside a URI", "<http://a>"}});
}
