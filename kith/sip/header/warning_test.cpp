#include "kith/sip/header/warning.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.43: Warning") {
  test::accepts<Warning>(
      {{"310 lcs.example.com \"no \\\"way\\\"\"", ""}, {"399 [::1]:5060 \"x\"", ""}});
  test::refuses<Warning>(
      {"", "99 a \"x\"", "1000 a \"x\"", "310 \"x\"", "310 a x", "310 a", "x a \"x\""});
}

TEST_CASE("RFC 3261 §20.43: the text is owned without its escapes, and written with them") {
  const std::string_view wire = "310 a \"no \\\"way\\\" \\\\\"";
  const auto warning = test::read_whole<Warning>(wire, kith::Mode::strict);
  CHECK(warning->text == "no \"way\" \\");
  CHECK(kith::written(*warning) == wire);
  CHECK(kith::written(Warning{399, "a", "\", 300 b \"x"}) == "399 a \"\\\", 300 b \\\"x\"");
}

TEST_CASE("RFC 3261 §20.43: the codes have names") {
  const auto warning = test::read_whole<Warning>(
      "307 isi.edu \"Session parameter 'foo' not understood\"", kith::Mode::strict);
  CHECK(warning->code == warning_code::session_description_parameter_not_understood);
  CHECK(kith::written(Warning{warning_code::miscellaneous_warning, "a", "b"}) == "399 a \"b\"");
}

TEST_CASE("RFC 3261 §7.3.1: two Warnings are the same whatever the case of their agent") {
  const auto same = [](std::string_view a, std::string_view b) {
    return equivalent(*test::read_whole<Warning>(a, kith::Mode::strict),
                      *test::read_whole<Warning>(b, kith::Mode::strict));
  };
  CHECK(same("310 a.Example:5060 \"x\"", "310 A.example:5060 \"x\""));
  CHECK(same("310 a \"\\x\"", "310 a \"x\""));
  for (const char* other : {"311 a \"x\"", "310 b \"x\"", "310 a \"X\"", "310 a:1 \"x\""})
    CHECK_FALSE(same("310 a \"x\"", other));
}
