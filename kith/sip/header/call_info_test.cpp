#include "kith/sip/header/call_info.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.9: Call-Info") {
  test::accepts<CallInfo>({{"<http://www.example.com/alice/photo.jpg>", ""},
                           {"<http://a/?b=c,d;e> ; x=\"y\" ;z", "<http://a/?b=c,d;e>;x=\"y\";z"},
                           {"<sip:a@b;transport=tcp>", ""}});
  test::refuses<CallInfo>({"", "<>", "http://a", "sip:a@b", "\"A\" <http://a>", "A <http://a>",
                           "<http://a", "<http://a> x", "<http>", "<http://a>;="});
  test::tolerates<CallInfo>({{"< http://a >", "blanks inside a URI", "<http://a>"}});
  const auto info = *test::read_whole<CallInfo>("<sip:a@b>;Purpose=icon", kith::Mode::strict);
  CHECK(info.purpose() == "icon");
  CHECK(info.uri.is_sip());
}
