#include "kith/sip/header/reason.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3326 §2: Reason") {
  test::accepts<Reason>({{"SIP ;cause=200 ;text=\"Call completed elsewhere\"",
                          "SIP;cause=200;text=\"Call completed elsewhere\""},
                         {"Q.850;cause=16;text=\"Terminated\"", ""},
                         {"SIP", ""},
                         {"x;text=\"a\\\"b, c;d\";y=z", ""}});
  test::refuses<Reason>({"", ";cause=1", "SIP cause=1", "SIP;cause", "SIP;cause=", "SIP;cause=x",
                         "SIP;cause=-1", "SIP;cause=\"200\"", "SIP;cause=4294967296",
                         "SIP;cause=1;cause=x", "SIP;text=\"a", "\"SIP\";cause=1"});
  const auto header = test::read_whole<Reason>("SIP;Cause=600;text=\"Busy\"", kith::Mode::strict);
  CHECK(header->cause() == 600);
  CHECK(header->text() == "Busy");
  CHECK_FALSE(test::read_whole<Reason>("SIP", kith::Mode::strict)->cause());
}

TEST_CASE("RFC 3326 §2, RFC 3261 §7.3.1: two Reasons are the same in any case and order") {
  const auto same = [](std::string_view a, std::string_view b) {
    return equivalent(*test::read_whole<Reason>(a, kith::Mode::strict),
                      *test::read_whole<Reason>(b, kith::Mode::strict));
  };
  CHECK(same("SIP;cause=200", "sip;Cause=200"));
  CHECK(same("Q.850;cause=16;text=\"a\"", "q.850;Text=\"a\";cause=16"));
  for (const char* other : {"SIP;cause=16;text=\"a\"", "Q.850;cause=17;text=\"a\"",
                            "Q.850;cause=16;text=\"A\"", "Q.850;cause=16"})
    CHECK_FALSE(same("Q.850;cause=16;text=\"a\"", other));
}

TEST_CASE("RFC 3326 §2: reason-text is a quoted-string") {
  test::accepts<Reason>({{"SIP;cause=200;text=\"x\"", ""}, {"SIP;cause=200;Text=\"\"", ""}});
  for (const char* wrong : {";text", ";text=x", ";Text=[x]"}) {
    const std::string text = "SIP;cause=200" + std::string{wrong};
    test::tolerates<Reason>({{text, "parameter whose value is not of its kind", text}});
  }
}
