#include "kith/sip/uri.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>

#include "kith/sip/limits.h"

using namespace kith;
using namespace kith::sip;

namespace {

bool same(std::string_view a, std::string_view b) {
  const auto x = UriView::parse(a);
  const auto y = UriView::parse(b);
  REQUIRE(x);
  REQUIRE(y);
  CHECK(equivalent(*x, *x));
  CHECK(equivalent(*x, *y) == equivalent(*y, *x));
  return equivalent(*x, *y);
}

}  // namespace

TEST_CASE("RFC 3261 §19.1.1: the parts of a URI") {
  const auto uri = Uri::parse(
      "sip:ali%20ce;x:se=cret@[2001:db8::1]:5070;transport=tcp;lr?subject=a&b=%3F", Mode::strict);
  REQUIRE(uri);
  CHECK(uri->scheme == "sip");
  CHECK(uri->user == "ali%20ce;x");
  CHECK(uri->password == "se=cret");
  CHECK(uri->host == "[2001:db8::1]");
  CHECK(uri->port == 5070);
  CHECK(uri->params.find("Transport") == "tcp");
  CHECK(uri->params.has("lr"));
  CHECK(uri->headers == "subject=a&b=%3F");
  CHECK(unescape(uri->user) == "ali ce;x");
}

TEST_CASE("RFC 3261 §19.1.1: legal URIs are written back") {
  for (const std::string_view text :
       {"sip:a", "sip:a@b", "sips:a@b.example.", "sip:192.0.2.1:65535",
        "sip:+1-212;ext=5@b;user=phone", "sip:a:@b", "sip:a@b;lr;x=[y]/:&+$", "sip:%61@b",
        "tel:+1-201-555-0123;phone-context=x", "urn:service:sos", "http://a/b?c=d", "sip:a?b@c",
        "sip:b?x="}) {
    CAPTURE(text);
    for (const Mode mode : {Mode::strict, Mode::lenient}) {
      const auto uri = Uri::parse(text, mode);
      REQUIRE(uri);
      CHECK(uri->to_string() == text);
      CHECK(Uri::parse(uri->to_string(), mode) == uri);
    }
  }
  CHECK(Uri::parse("SIP:a@b")->to_string() == "sip:a@b");
}

TEST_CASE("RFC 3261 §19.1.1: what is no URI is refused") {
  for (const std::string_view text :
       {"",          "sip",           "sip:",      ":a",        "1x:a",          "sip:@b",
        "sip::x@b",  "sip:a@",        "sip:a@b:",  "sip:a@b:0", "sip:a@b:65536", "sip:a@b:x",
        "sip:[::1",  "sip:[1.2.3.4]", "sip:[::g]", "sip:a b@c", "sip:a@b>",      "sip:a@b,c",
        "sip:a@b@c", "sip:.",         "sip:a@b?",  "sip:a\"@b", "tel:",          "tel:a b"}) {
    CAPTURE(text);
    CHECK_FALSE(Uri::parse(text, Mode::strict));
    CHECK_FALSE(Uri::parse(text, Mode::lenient));
  }
  std::string many = "sip:a@b";
  for (std::size_t i = 0; i <= params_max; ++i) many += ";p" + std::to_string(i);
  CHECK(Uri::parse(many).error().fault == Fault::too_many);
}

TEST_CASE("RFC 5118 §4.10: three colons are two where an IPv4 address follows, and only there") {
  const auto read = UriView::parse("sip:a@[2001:db8:::192.0.2.1]", Mode::lenient);
  REQUIRE(read);
  CHECK(equivalent(*read, *UriView::parse("sip:a@[2001:DB8::192.0.2.1]")));
  CHECK_FALSE(equivalent(*read, *UriView::parse("sip:a@[2001:db8:192::0.2.0.1]")));
  CHECK_FALSE(equivalent(*read, *UriView::parse("sip:a@[2001:db8::1:192.0.2.1]")));
  CHECK(read->normalized() == "sip:a@[2001:db8::192.0.2.1]");
  CHECK(Uri::parse("sip:a@[2001:db8:::192.0.2.1]")->host == "[2001:db8::192.0.2.1]");
  CHECK(own(*read).host == "[2001:db8::192.0.2.1]");
  CHECK(own(*read) == *Uri::parse(read->to_string(), Mode::strict));
  for (const std::string_view text :
       {"sip:[2001:db8:::1]", "sip:[2001:db8:::]", "sip:[2001:db8::::192.0.2.1]", "sip:[:::]",
        "sip:[1:::192.0.2]", "sip:[1::2:::192.0.2.1]", "sip:[1:::2:192.0.2.1]",
        "sip:[1:2:3:4:5:6:7:::192.0.2.1]", "sip:2001:db8:::192.0.2.1"}) {
    CAPTURE(text);
    CHECK_FALSE(Uri::parse(text, Mode::strict));
    CHECK_FALSE(Uri::parse(text, Mode::lenient));
  }
}

TEST_CASE("departures from the grammar of URIs are noted, and refused strictly") {
  struct Case {
    std::string_view text;
    std::string_view rule;
    std::string_view written;
  };
  const std::array cases{
      Case{"sip:a@b;transport=\"tcp\"", "quoted parameter in a URI", "sip:a@b;transport=tcp"},
      Case{"sip:a@b;x=\"a\\\">;%\"", "quoted parameter in a URI", "sip:a@b;x=a%22%3E%3B%25"},
      Case{"sip:a@b; x=y", "blanks inside a URI", "sip:a@b;x=y"},
      Case{"sip:a@b;;x=y", "empty parameter", "sip:a@b;x=y"},
      Case{"sip:a_b.c", "underscore in a host name", "sip:a_b.c"},
      Case{"sip:-a.b", "odd host name", "sip:-a.b"},
      Case{"sip:a@[2001:db8:::192.0.2.1]:5070;lr", "three colons in an IPv6 address",
           "sip:a@[2001:db8::192.0.2.1]:5070;lr"},
      Case{"sips:[:::192.0.2.1]", "three colons in an IPv6 address", "sips:[::192.0.2.1]"},
      Case{"sip:a%@b", "percent sign that is no escape", "sip:a%@b"},
      Case{"sip:a@b;x=1;X=2", "parameter given twice", "sip:a@b;x=1;X=2"},
      Case{"sip:a@b;x;y;%58", "parameter given twice", "sip:a@b;x;y;%58"},
      Case{"sips:b;lr;lr", "parameter given twice", "sips:b;lr;lr"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.text);
    CHECK_FALSE(Uri::parse(each.text, Mode::strict));
    Diagnostics diagnostics;
    const auto uri = Uri::parse(each.text, Mode::lenient, &diagnostics);
    REQUIRE(uri);
    CHECK(diagnostics.contains(each.rule));
    CHECK(uri->to_string() == each.written);
    CHECK(Uri::parse(each.written, Mode::lenient)->to_string() == each.written);
  }
  CHECK_FALSE(Uri::parse("sip:256.1.1.1", Mode::strict));
  CHECK(Uri::parse("sip:a@b", Mode::strict));
}

TEST_CASE("RFC 3261 §25.1: the parameters of a URI that it names are of their kind") {
  for (const char* right : {"ttl=0", "ttl=255", "TTL=016", "maddr=a.example", "maddr=[::1]",
                            "transport=x-1", "user=phone", "user=%29", "user=)", "method=INVITE",
                            "x=256", "lr=on", "ttl2=256", "x;y;z=1;x1"}) {
    CAPTURE(right);
    Diagnostics diagnostics;
    CHECK(Uri::parse("sip:a@b;" + std::string{right}, Mode::strict));
    CHECK(Uri::parse("sip:a@b;" + std::string{right}, Mode::lenient, &diagnostics));
    CHECK(diagnostics.empty());
  }
  for (const char* wrong : {"ttl", "ttl=256", "ttl=0016", "ttl=x", "ttl=-1", "maddr",
                            "maddr=192.0.2.256", "maddr=a:5060", "maddr=[::g]", "transport",
                            "transport=[x]", "user", "user=a/b", "method", "Method=a:b"}) {
    CAPTURE(wrong);
    const std::string text = "sip:a@b;x=256;" + std::string{wrong};
    const std::size_t at = std::min(text.find('=', 14), text.size() - 1) + 1;
    const auto strict = Uri::parse(text, Mode::strict);
    REQUIRE_FALSE(strict);
    CHECK(strict.error() == Error{Fault::malformed, "URI", at});
    Diagnostics diagnostics;
    CHECK(Uri::parse(text, Mode::lenient, &diagnostics)->to_string() == text);
    REQUIRE(diagnostics.size() == 1);
    CHECK(*diagnostics.begin() == Leniency{"parameter whose value is not of its kind", "URI", at});
  }
}

TEST_CASE("RFC 3261 §19.1.1: a parameter of a URI that is there twice is a duplicate") {
  const auto twice = Uri::parse("sip:a@b;x=1;X=2", Mode::strict);
  REQUIRE_FALSE(twice);
  CHECK(twice.error() == Error{Fault::duplicate, "URI", 12});
  CHECK(Uri::parse("sip:a@b;x=1;x1=2;y?x=1&x=2", Mode::strict));
}

TEST_CASE("RFC 3261 §19.1.4: URIs that are equivalent") {
  CHECK(same("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"));
  CHECK(same("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"));
  CHECK(same("sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"));
  CHECK(same("sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
             "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"));
  CHECK(same("sip:alice@atlanta.com?subject=project%20x&priority=urgent",
             "sip:alice@atlanta.com?priority=urgent&subject=project%20x"));
  // Of a parameter given twice the first counts.
  CHECK(same("sip:a@b;x=1;x=2", "sip:a@b;x=1;x=2"));
  CHECK(same("sip:a@b;x=1;x=2", "sip:a@b;x=1"));
  CHECK_FALSE(same("sip:a@b;x=1;x=2", "sip:a@b;x=2;x=1"));
}

TEST_CASE("SIP-CONT-21: the user of a URI is case-sensitive, its host is not") {
  CHECK(same("sip:bob@example.com", "SIP:bob@EXAMPLE.com"));
  CHECK_FALSE(same("sip:bob@example.com", "sip:Bob@example.com"));
}

TEST_CASE("RFC 3261 §19.1.4: URIs that are not equivalent") {
  CHECK_FALSE(same("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"));
  CHECK_FALSE(same("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"));
  CHECK_FALSE(same("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"));
  CHECK_FALSE(same("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"));
  CHECK_FALSE(same("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"));
  CHECK_FALSE(same("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"));
  CHECK_FALSE(same("sip:a@b", "sips:a@b"));
  CHECK_FALSE(same("sip:a@b", "sip:a:p@b"));
  CHECK_FALSE(same("sip:a@b;x=1", "sip:a@b;x=2"));
  CHECK_FALSE(same("sip:a%3Bb@c", "sip:a;b@c"));
  CHECK_FALSE(same("tel:1", "tel:2"));
}

TEST_CASE("an address of record is a key: lower case, without escapes, port and parameters") {
  CHECK(address_of_record(*Uri::parse("SIP:%41lice@Example.COM:5070;x=y"))->value ==
        "alice@example.com");
  CHECK_FALSE(address_of_record(*Uri::parse("sip:example.com")));
  CHECK_FALSE(address_of_record(*Uri::parse("tel:+1")));
  CHECK(escape_user("a b@c%\xc3") == "a%20b%40c%25%C3");
  CHECK(unescape("%4a%zz%") == "J%zz%");
}
