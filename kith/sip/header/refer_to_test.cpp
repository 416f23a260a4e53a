#include "kith/sip/header/refer_to.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3515 §2.1: Refer-To") {
  test::accepts<ReferTo>(
      {{"sip:alice@atlanta.example.com", "<sip:alice@atlanta.example.com>"},
       {"<sip:bob@biloxi.example.net?Accept-Contact=sip:bobsdesk&Call-ID=55432%40alicepc>", ""},
       {"<sip:dave@denver.example.org?Replaces=12345%40192.168.118.3%3Bto-tag%3D12345>", ""},
       {"<http://www.ietf.org>", ""},
       {"Carol <sip:carol@a;method=SUBSCRIBE> ; x=1",
        "\"Carol\" <sip:carol@a;method=SUBSCRIBE>;x=1"}});
  test::refuses<ReferTo>({"", "<sip:a@b", "sip:a@b?Replaces=1", "Bob sip:a@b", "<>", "<sip:a@b> x",
                          "<sip:a@b>,<sip:c@d>"});
}
