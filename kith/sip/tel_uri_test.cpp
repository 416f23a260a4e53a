#include "kith/sip/tel_uri.h"

#include <doctest/doctest.h>

#include "kith/sip/limits.h"

using namespace kith;
using namespace kith::sip;

TEST_CASE("RFC 3966 §3: the parts of a tel URI") {
  const auto uri = TelUri::parse("tel:7042;x=[1];phone-context=example.com;ext=12-3", Mode::strict);
  REQUIRE(uri);
  CHECK_FALSE(uri->global);
  CHECK(uri->number == "7042");
  CHECK(uri->extension == "12-3");
  CHECK(uri->phone_context == "example.com");
  CHECK(uri->params.find("X") == "[1]");
  CHECK(TelUri::parse("tel:+1-201-555-0123")->global);
  CHECK(TelUri::parse("tel:+1-201-555-0123")->digits() == "12015550123");
}

TEST_CASE("RFC 3966 §3: a tel URI is written in its canonical order") {
  struct Case {
    std::string_view text;
    std::string_view written;
  };
  for (const Case& each :
       {Case{"tel:+1-201-555-0123", "tel:+1-201-555-0123"}, Case{"TEL:+1.(201)", "tel:+1.(201)"},
        Case{"tel:863-1234;phone-context=+1-914-555", "tel:863-1234;phone-context=+1-914-555"},
        Case{"tel:*#A;phone-context=a.b.", "tel:*#A;phone-context=a.b."},
        Case{"tel:+1;z;isub=a%3Bb;a=1", "tel:+1;isub=a%3Bb;a=1;z"},
        Case{"tel:1;b;phone-context=+1;ext=5;a", "tel:1;ext=5;phone-context=+1;a;b"}}) {
    CAPTURE(each.text);
    for (const Mode mode : {Mode::strict, Mode::lenient}) {
      const auto uri = TelUri::parse(each.text, mode);
      REQUIRE(uri);
      CHECK(uri->to_string() == each.written);
      const auto again = TelUri::parse(uri->to_string(), mode);
      REQUIRE(again);
      CHECK(again->to_string() == each.written);
      CHECK(equivalent(*uri, *again));
    }
  }
}

TEST_CASE("RFC 3966 §3: what is no tel URI is refused") {
  for (const std::string_view text : {"",
                                      "tel:",
                                      "tel:+",
                                      "tel:+-",
                                      "tel:-",
                                      "sip:1@b",
                                      "tel:+1a",
                                      "tel:+1#",
                                      "tel:1g",
                                      "tel:+1 2",
                                      "tel:+1;",
                                      "tel:+1;ext",
                                      "tel:+1;ext=",
                                      "tel:+1;ext=a",
                                      "tel:+1;ext=-",
                                      "tel:+1;isub=",
                                      "tel:+1;isub=a?b",
                                      "tel:+1;isub=%4",
                                      "tel:+1;x=",
                                      "tel:+1;x=a%zz",
                                      "tel:+1;x=\"y\"",
                                      "tel:1;phone-context=",
                                      "tel:1;phone-context=+",
                                      "tel:1;phone-context=1.2.3.4",
                                      "tel:1;phone-context=[::1]",
                                      "tel:1;phone-context=a:5060",
                                      "tel:1;phone-context=-a",
                                      "tel:+1?x=y"}) {
    CAPTURE(text);
    CHECK_FALSE(TelUri::parse(text, Mode::strict));
    CHECK_FALSE(TelUri::parse(text, Mode::lenient));
  }
  for (const std::string_view text : {"tel:+1;ext=1;ext=2", "tel:+1;isub=1;isub=1", "tel:+1;x;X=1",
                                      "tel:1;phone-context=a;phone-context=a"}) {
    CAPTURE(text);
    REQUIRE_FALSE(TelUri::parse(text));
    CHECK(TelUri::parse(text).error().fault == Fault::duplicate);
  }
  std::string many = "tel:+1";
  for (std::size_t i = 0; i <= params_max; ++i) many += ";p" + std::to_string(i);
  CHECK(TelUri::parse(many).error().fault == Fault::too_many);
}

TEST_CASE("RFC 3966 §5.1.5: a local number without its context is noted, and refused strictly") {
  Diagnostics diagnostics;
  CHECK(TelUri::parse("tel:911", Mode::lenient, &diagnostics));
  CHECK(diagnostics.contains("local number without phone-context"));
  CHECK_FALSE(TelUri::parse("tel:911", Mode::strict));
}

TEST_CASE("RFC 3966 §5.3: a subaddress beside an extension is noted, and refused strictly") {
  Diagnostics diagnostics;
  CHECK(TelUri::parse("tel:+1;isub=1;ext=2", Mode::lenient, &diagnostics));
  CHECK(diagnostics.contains("both a subaddress and an extension"));
  CHECK_FALSE(TelUri::parse("tel:+1;isub=1;ext=2", Mode::strict));
}

TEST_CASE("RFC 3966 §5.4: a mandatory parameter is seen") {
  CHECK(TelUri::parse("tel:+1;m-type=x")->has_mandatory_params());
  CHECK_FALSE(TelUri::parse("tel:+1;type=m-x")->has_mandatory_params());
}

TEST_CASE("RFC 3966 §4: tel URIs that are equivalent, and some that are not") {
  const auto same = [](std::string_view a, std::string_view b) {
    const auto x = TelUri::parse(a);
    const auto y = TelUri::parse(b);
    REQUIRE(x);
    REQUIRE(y);
    CHECK(equivalent(*x, *x));
    CHECK(equivalent(*x, *y) == equivalent(*y, *x));
    return equivalent(*x, *y);
  };
  CHECK(same("tel:+1-201-555-0123", "TEL:+1(201)555.0123"));
  CHECK(same("tel:1a;phone-context=EXAMPLE.com", "tel:1-A;phone-context=example.com."));
  CHECK(same("tel:1;phone-context=+49-30", "tel:1;phone-context=+4930"));
  CHECK(same("tel:+1;a=b;c=D;ext=1-2", "tel:+1;ext=12;C=d;A=%62"));
  CHECK_FALSE(same("tel:+1", "tel:1;phone-context=+1"));
  CHECK_FALSE(same("tel:+1", "tel:+2"));
  CHECK_FALSE(same("tel:+1;x", "tel:+1"));
  CHECK_FALSE(same("tel:+1;x=1", "tel:+1;x=2"));
  CHECK_FALSE(same("tel:+1;ext=1", "tel:+1"));
  CHECK_FALSE(same("tel:+1;isub=1", "tel:+1;isub=2"));
  CHECK_FALSE(same("tel:1;phone-context=a", "tel:1;phone-context=b"));
}

TEST_CASE("RFC 3261 §19.1.1: a telephone number as URI, and as the user of a SIP URI") {
  const auto tel = TelUri::from(*UriView::parse("tel:+358-555-1234567;postd=pp22"));
  REQUIRE(tel);
  CHECK(tel->digits() == "3585551234567");
  CHECK(tel->to_uri().to_string() == "tel:+358-555-1234567;postd=pp22");
  const auto user = TelUri::from(*UriView::parse("sip:+358-555-1234567;ext=5@b;user=phone"));
  REQUIRE(user);
  CHECK(user->extension == "5");
  CHECK_FALSE(TelUri::from(*UriView::parse("sip:+358@b")));
  CHECK_FALSE(TelUri::from(*UriView::parse("sip:bob@b;user=phone")));
  CHECK_FALSE(TelUri::from(*UriView::parse("urn:service:sos")));
}
