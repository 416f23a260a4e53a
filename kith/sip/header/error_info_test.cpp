#include "kith/sip/header/error_info.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.18: Error-Info") {
  test::accepts<ErrorInfo>({{"<sip:not-in-service-recording@atlanta.com>", ""},
                            {"<http://a/?b=c,d;e> ; x=\"y\" ;z", "<http://a/?b=c,d;e>;x=\"y\";z"},
                            {"<sip:a@b;transport=tcp>", ""}});
  test::refuses<ErrorInfo>({"", "<>", "http://a", "sip:a@b", "\"A\" <http://a>", "A <http://a>",
                            "<http://a", "<http://a> x", "<http>", "<http://a>;="});
  test::tolerates<ErrorInfo>({{"< http://a >", "blanks inside a URI", "<http://a>"}});
  const auto info = *test::read_whole<ErrorInfo>("<sip:a>;message=\"no way\"", kith::Mode::strict);
  CHECK(info.message() == "no way");
}
