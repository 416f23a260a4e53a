#include "kith/sip/header/timestamp.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;
using namespace kith;

TEST_CASE("RFC 3261 §20.38: Timestamp") {
  test::accepts<Timestamp>({{"54", ""},
                            {"54.210", ""},
                            {"54.", ""},
                            {"54  .5", "54 .5"},
                            {"054.21 0.007", ""},
                            {"54 .", ""},
                            {"54 ", "54"},
                            {"99999999999999999999999 1", ""}});
  test::refuses<Timestamp>(
      {"", ".5", "-1", "+1", "x", "5x", "5.5.5", "5 x", "5 1 2", "5,5", "5 -1"});
}

TEST_CASE("RFC 3261 §20.38: time and delay are exact, and what was sent is kept digit by digit") {
  const auto read = [](std::string_view text) {
    return *test::read_whole<Timestamp>(text, kith::Mode::strict);
  };
  CHECK(read("54").time() == 54s);
  CHECK(read("54.21 .007").time() == 54'210ms);
  CHECK(read("54.21 .007").delay() == 7ms);
  CHECK(read("0.0000000019").time() == 1ns);
  CHECK(read("9223372035.999999999").time() == Duration{9'223'372'035'999'999'999});
  CHECK_FALSE(read("9223372036").time());
  CHECK_FALSE(read("99999999999999999999999").time());
  CHECK_FALSE(read("54").delay());
  CHECK(read("54 .").delay() == 0s);
  CHECK(read("54.210").time_text == "54.210");
}

TEST_CASE("RFC 3261 §8.2.6.1: a 100 repeats the time and adds its delay") {
  Timestamp timestamp = *test::read_whole<Timestamp>("54.210", kith::Mode::strict);
  timestamp.set_delay(1'250ms);
  CHECK(written(timestamp) == "54.210 1.25");
  timestamp.set_time(3s);
  timestamp.set_delay(1ns);
  CHECK(written(timestamp) == "3 0.000000001");
}
