#include "kith/sip/header/ms_text_format.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("ms-text-format: a media type, its base64 unquoted") {
  test::accepts<MsTextFormat>({{"text/plain; charset=UTF-8;msgr=WAAtAE0A;ms-body=aGk",
                                "text/plain;charset=UTF-8;msgr=WAAtAE0A;ms-body=aGk"},
                               {"text/plain", ""}});
  test::refuses<MsTextFormat>({"", "text", "text/", "/plain", "text/plain x", "text/plain;=1"});
  test::tolerates<MsTextFormat>(
      {{"text/plain;ms-body=aGk/+w==", "unquoted character in a parameter value",
        "text/plain;ms-body=aGk/+w=="}});
}

TEST_CASE("ms-text-format: its parameters by name") {
  const auto header = test::read_whole<MsTextFormat>(
      "text/plain; charset=UTF-8;msgr=WAAt;ms-body=aGk=", kith::Mode::lenient);
  REQUIRE(header);
  CHECK(charset(*header) == "UTF-8");
  CHECK(msgr(*header) == "WAAt");
  CHECK(ms_body(*header) == "aGk=");
  CHECK_FALSE(ms_body(MsTextFormat{}));
}
