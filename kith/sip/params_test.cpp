#include "kith/sip/params.h"

#include <doctest/doctest.h>

#include <iterator>

#include "kith/sip/limits.h"

using namespace kith;
using namespace kith::sip;

namespace {

template <class View>
std::optional<View> read_all(std::string_view text, Mode mode) {
  Scanner in(text, mode);
  View params;
  if (!read(in, params) || !in.at_end()) return std::nullopt;
  return params;
}

}  // namespace

TEST_CASE("parameters are found in any case, kept in order, written without needless blanks") {
  const auto view = read_all<ParamsView>(" ; A=b ;flag; q = \"x;\\\"y\" ;h=[::1]", Mode::strict);
  REQUIRE(view);
  CHECK(view->find("a") == "b");
  CHECK(view->find("FLAG") == "");
  CHECK(view->find("q") == "x;\\\"y");
  CHECK_FALSE(view->has("y"));
  const Params params = own(*view);
  CHECK(written(params) == ";A=b;flag;q=\"x;\\\"y\";h=[::1]");
  CHECK(ParamsView(params) == *view);
  CHECK(std::ranges::distance(params) == 4);
}

TEST_CASE("parameters are set, changed in place, quoted where needed, and removed") {
  Params params;
  params.set("a", "1");
  params.set("b");
  params.set("c", "x y");
  params.set("A", "2");
  CHECK(written(params) == ";A=2;b;c=\"x y\"");
  params.remove("B");
  params.set_quoted("d", "\"\\\r\n");
  CHECK(written(params) == ";A=2;c=\"x y\";d=\"\\\"\\\\  \"");
  AuthParams auth;
  auth.set("qop", "auth");
  auth.set_quoted("realm", "a, b");
  auth.set("nc", "00000001");
  auth.set_quoted("qop", "auth");
  CHECK(written(auth) == "qop=\"auth\", realm=\"a, b\", nc=00000001");
  CHECK(auth.find("REALM") == "a, b");
}

TEST_CASE("what are no parameters is refused") {
  for (const Mode mode : {Mode::strict, Mode::lenient}) {
    for (const std::string_view text :
         {";=b", ";a=\"b", ";a=\"b\\", ";a b", ";a=b c", ";(", ";a=\"b\"c"})
      CHECK_FALSE(read_all<ParamsView>(text, mode));
    for (const std::string_view text : {"", "a", "=b", "a=b;c", "a=b c=d", "a=\"b"})
      CHECK_FALSE(read_all<AuthParamsView>(text, mode));
  }
  for (const std::string_view text : {";", ";a;;b", ";a=", ";a=b@c", ";a;A=1"}) {
    CHECK_FALSE(read_all<ParamsView>(text, Mode::strict));
    CHECK(read_all<ParamsView>(text, Mode::lenient));
  }
}

TEST_CASE("the number of parameters has a limit") {
  std::string text;
  for (std::size_t i = 0; i < params_max; ++i) text += ";p" + std::to_string(i);
  CHECK(read_all<ParamsView>(text, Mode::lenient));
  CHECK_FALSE(read_all<ParamsView>(text + ";more", Mode::lenient));
}

TEST_CASE("RFC 3261 §7.3.1: parameters are the same in any order; case counts in quotes only") {
  struct Case {
    std::string_view a;
    std::string_view b;
    bool same;
    bool shared_same;
  };
  for (const Case& each :
       {Case{"", "", true, true}, Case{";a=1;b", " ; B ;A=1", true, true},
        Case{";a=x", ";a=X", true, true}, Case{";a=\"x\"", ";a=x", true, true},
        Case{";a=\"\\x\"", ";a=\"x\"", true, true}, Case{";a=1;a=2", ";a=1", true, true},
        Case{";a=\"x\"", ";a=\"X\"", false, false}, Case{";a=\"x\"", ";a=X", false, false},
        Case{";a=1", ";a=2", false, false}, Case{";a", ";a=1", false, false},
        Case{";a", ";a=\"\"", false, false}, Case{";a=1", "", false, true},
        Case{";a=1;b=2", ";b=2;c=3", false, true}}) {
    CAPTURE(each.a);
    CAPTURE(each.b);
    const auto a = read_all<ParamsView>(each.a, Mode::lenient);
    const auto b = read_all<ParamsView>(each.b, Mode::lenient);
    REQUIRE(a);
    REQUIRE(b);
    CHECK(equivalent(*a, *b) == each.same);
    CHECK(equivalent(*b, *a) == each.same);
    CHECK(shared_equivalent(*a, *b) == each.shared_same);
    CHECK(shared_equivalent(*b, *a) == each.shared_same);
    CHECK(equivalent(own(*a), own(*a)));
  }
}
