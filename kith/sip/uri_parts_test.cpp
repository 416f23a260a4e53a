#include <doctest/doctest.h>

#include "kith/sip/uri.h"

using namespace kith;
using namespace kith::sip;

namespace {

Uri read(std::string_view text) {
  const auto uri = Uri::parse(text);
  REQUIRE(uri);
  return *uri;
}

}  // namespace

TEST_CASE("RFC 3261 §19.1.1: the parameters of a SIP URI by their names") {
  const Uri uri =
      read("sip:a@b;Transport=TCP;ttl=255;method=INVITE;user=phone;maddr=[::1];lr;ob;gr");
  CHECK(uri.transport() == "TCP");
  CHECK(uri.ttl() == 255);
  CHECK(uri.method() == "INVITE");
  CHECK(uri.user_type() == "phone");
  CHECK(uri.maddr() == "[::1]");
  CHECK(uri.lr());
  CHECK(uri.ob());
  CHECK(uri.gr() == "");
  CHECK(read("sip:a@b;gr=kjh29x").gr() == "kjh29x");
  CHECK(read("sip:a@b;lr=on").lr());
}

TEST_CASE("RFC 3261 §19.1.1: a parameter that is absent or not of its kind is none") {
  const Uri uri = read("sip:a@b;lrx;transport;obs=lr");
  CHECK_FALSE(uri.lr());
  CHECK_FALSE(uri.transport());
  CHECK_FALSE(uri.method());
  CHECK_FALSE(uri.user_type());
  CHECK_FALSE(uri.maddr());
  CHECK_FALSE(uri.ob());
  CHECK_FALSE(uri.gr());
  for (const std::string_view ttl : {"256", "-1", "1x", "0001", "x"}) {
    CAPTURE(ttl);
    CHECK_FALSE(read("sip:a@b;ttl=" + std::string{ttl}).ttl());
  }
  CHECK_FALSE(read("tel:+1").lr());
}

TEST_CASE("RFC 3261 §19.1.1: headers of a URI are found by name in any case, and changed") {
  Uri uri = read("sip:a@b?Subject=a%20b&to=sip:c%40d&%73ubject=2&x=");
  CHECK(uri.find_header("subject") == "a%20b");
  CHECK(unescape(*uri.find_header("To")) == "sip:c@d");
  CHECK(uri.find_header("x") == "");
  CHECK_FALSE(uri.find_header("sub"));
  CHECK_FALSE(read("sip:a@b").find_header("x"));
  uri.set_header("Subject", "1&2=3 ;");
  CHECK(uri.headers == "Subject=1%262%3D3%20%3B&to=sip:c%40d&x=");
  uri.set_header("Body", "");
  CHECK(uri.headers == "Subject=1%262%3D3%20%3B&to=sip:c%40d&x=&Body=");
  uri.remove_header("SUBJECT");
  uri.remove_header("X");
  uri.remove_header("none");
  CHECK(uri.headers == "to=sip:c%40d&Body=");
  CHECK(Uri::parse(uri.to_string(), Mode::strict) == uri);
}

TEST_CASE("RFC 3261 §19.1.4: URIs that differ in what never counts have one normal form") {
  struct Case {
    std::string_view text;
    std::string_view normal;
  };
  for (const Case& each :
       {Case{"SIP:%61lice@AtLanTa.CoM;Transport=TCP;LR", "sip:alice@atlanta.com;lr;transport=tcp"},
        Case{"sip:ALICE:pW@b:5060", "sip:ALICE:pW@b:5060"},
        Case{"sip:a%3bb%2F@[2001:DB8::1]", "sip:a%3Bb%2F@[2001:db8::1]"},
        Case{"sips:b?To=X%41&a=%3f", "sips:b?a=%3F&to=XA"}, Case{"sip:a%@b;x=%", "sip:a%@b;x=%"},
        Case{"TEL:+1-%32", "tel:+1-2"}, Case{"sip:b;x=2;a;X=1", "sip:b;a;x=2;x=1"}}) {
    CAPTURE(each.text);
    const Uri uri = read(each.text);
    CHECK(uri.normalized() == each.normal);
    const Uri normal = read(each.normal);
    CHECK(normal.normalized() == each.normal);
    CHECK(equivalent(uri, normal));
  }
}

TEST_CASE("RFC 3261 §19.1.4: URIs that are not the same have normal forms of their own") {
  const auto differ = [](std::string_view a, std::string_view b) {
    return read(a).normalized() != read(b).normalized();
  };
  CHECK(differ("sip:a@b", "sip:A@b"));
  CHECK(differ("sip:a@b", "sips:a@b"));
  CHECK(differ("sip:a@b", "sip:a@b:5060"));
  CHECK(differ("sip:a;b@c", "sip:a%3Bb@c"));
  CHECK(differ("sip:a@b;x", "sip:a@b"));
  CHECK(differ("sip:a@b;x=1;x=2", "sip:a@b;x=1"));
  CHECK(differ("sip:a@b;x=1;x=2", "sip:a@b;x=2;x=1"));
  CHECK(differ("sip:a@b?x=y", "sip:a@b?x=Y"));
  CHECK(differ("sip:a:@b", "sip:a@b"));
}

TEST_CASE("RFC 3261 §19.1.1: a URI made of its parts is read back as they are") {
  struct Case {
    std::string_view user;
    std::string_view host;
    std::string_view text;
  };
  for (const Case& each :
       {Case{"alice", "example.com", "sip:alice@example.com"},
        Case{"a b@c", "example.com", "sip:a%20b%40c@example.com"},
        Case{"", "192.0.2.1", "sip:192.0.2.1"}, Case{"a", "2001:db8::1", "sip:a@[2001:db8::1]"},
        Case{"100%:", "[::1]", "sip:100%25%3A@[::1]"}}) {
    CAPTURE(each.text);
    const auto uri = Uri::sip(each.user, each.host);
    REQUIRE(uri);
    CHECK(uri->to_string() == each.text);
    CHECK(Uri::parse(each.text, Mode::strict) == uri);
    CHECK(unescape(uri->user) == each.user);
  }
  CHECK(Uri::sip("a", "b", 5070)->to_string() == "sip:a@b:5070");
  for (const std::string_view host : {"", "a b", "b:5060", "[::g]", "a@b", "b;lr", "::1]"}) {
    CAPTURE(host);
    CHECK_FALSE(Uri::sip("a", host));
  }
  CHECK_FALSE(Uri::sip("a", "b", 0));
}

TEST_CASE("RFC 3261 §19.1.1: each component stands where table 1 lets it") {
  using enum UriContext;
  struct Case {
    std::string_view component;
    std::string_view allowed;  // a letter each: Request-URI, From, Binding, Dialog, External
  };
  constexpr std::pair<char, UriContext> contexts[] = {
      {'R', request_uri}, {'F', from_or_to}, {'B', binding}, {'D', dialog}, {'E', external}};
  for (const Case& each :
       {Case{"", "RFBDE"}, Case{";user=phone", "RFBDE"}, Case{";x=y", "RFBDE"},
        Case{":5060", "RBDE"}, Case{";method=BYE", "E"}, Case{";maddr=a", "RBDE"},
        Case{";ttl=1", "RBE"}, Case{";transport=tcp", "RBDE"}, Case{";LR", "RDE"},
        Case{"?a=b", "BE"}}) {
    for (const auto& [letter, context] : contexts) {
      CAPTURE(each.component);
      CAPTURE(letter);
      const Uri uri = read("sip:a:p@b" + std::string{each.component});
      const bool allowed = each.allowed.contains(letter);
      CHECK(component_out_of_place(uri, context).has_value() != allowed);
      CHECK(fit(uri, context).to_string() == (allowed ? uri.to_string() : "sip:a:p@b"));
    }
  }
  CHECK_FALSE(component_out_of_place(read("tel:+1;lr"), binding));
}
