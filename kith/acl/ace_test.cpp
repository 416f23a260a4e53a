#include "kith/acl/ace.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

#include "kith/acl/limits.h"
#include "kith/acl/testing/support.h"

namespace kith::acl {
namespace {

using testing::error_of;

/// The key, or why there is none.
std::string key_of(Scope scope, std::string_view mask) {
  const auto ace = Ace::make(scope, mask, {});
  if (ace) return ace->key();
  return std::string(ace.error().where) + " " + std::string(to_string(ace.error().fault));
}

TEST_CASE("SIP-ACL-09: an entry is about ALL, a DOMAIN or a USER, in these letters") {
  for (const Scope scope : {Scope::all, Scope::domain, Scope::user})
    CHECK(scope_of(to_string(scope)) == scope);
  CHECK(to_string(Scope::domain) == "DOMAIN");
  for (const std::string_view other : {"", "all", "User", "GROUP", "USER "})
    CHECK_FALSE_MESSAGE(scope_of(other), other);
  CHECK(error_of(Ace::parse("FEDERATED", "", "AA")) ==
        Error{.fault = Fault::unsupported, .where = "type"});
}

TEST_CASE("SIP-ACL-11: rights are two letters of [APDB][AD]; what later versions add is kept") {
  for (const char presence : std::string_view{"APDB"}) {
    for (const char communication : std::string_view{"AD"}) {
      const std::string text{presence, communication};
      const auto rights = Rights::parse(text);
      REQUIRE(rights);
      CHECK(rights->presence == Access{presence});
      CHECK(rights->communication == Communication{communication});
      CHECK(rights->to_string() == text);
    }
  }
  CHECK(Rights::parse("BDxQ")->later == "xQ");
  CHECK(Rights::parse("BDxQ")->to_string() == "BDxQ");
  for (const std::string_view bad :
       {"", "A", "AP", "AB", "aa", "CA", "AA ", " AA", "AA1", "AA<", "DD\n"}) {
    CAPTURE(bad);
    CHECK(error_of(Rights::parse(bad)) == Error{.fault = Fault::malformed, .where = "rights"});
  }
}

TEST_CASE("SIP-ACL-11: rights that are not there are AA; letters without end are refused") {
  CHECK(Ace::parse("ALL", std::nullopt, std::nullopt)->rights().to_string() == "AA");
  CHECK_FALSE(Ace::parse("ALL", std::nullopt, ""));
  const std::string longest = "AA" + std::string(rights_bytes_max - 2, 'X');
  CHECK(Rights::parse(longest));
  const Error too_long{.fault = Fault::too_long, .where = "rights"};
  CHECK(error_of(Rights::parse(longest + "X")) == too_long);
  CHECK(Ace::make(Scope::all, "", {.later = longest.substr(2)}));
  CHECK(error_of(Ace::make(Scope::all, "", {.later = longest.substr(1)})) == too_long);
  CHECK_FALSE(Ace::make(Scope::all, "", {.later = "\""}));
}

TEST_CASE("SIP-ACL-16: the mask of a DOMAIN is one, of 2 to 255 characters") {
  CHECK(key_of(Scope::domain, "lab.example") == "lab.example");
  CHECK(key_of(Scope::domain, "Lab.Example.") == "lab.example");
  CHECK(key_of(Scope::domain, "my_lab-2.example") == "my_lab-2.example");
  CHECK(key_of(Scope::domain, "192.0.2.1") == "192.0.2.1");
  CHECK(key_of(Scope::domain, "ab").size() == domain_bytes_min);
  for (const std::string_view bad : {"", "a", ".", "..", ".lab", "lab..example", "lab..", "a b",
                                     "sip:a@lab", "*.lab", "l\xC3\xA4ß", "[::1]", "lab:5060"})
    CHECK_MESSAGE(key_of(Scope::domain, bad) == "mask malformed", bad);
  const std::string longest(domain_bytes_max, 'd');
  CHECK(key_of(Scope::domain, longest) == longest);
  CHECK(key_of(Scope::domain, longest + "d") == "mask too long");
}

TEST_CASE("SIP-CONT-21, SIP-CONT-30: the mask of a USER is a SIP URI, compared in any case") {
  for (const std::string_view same :
       {"sip:ines@lab.example", "sip:Ines@LAB.example", "SIPS:ines@lab.example:5061",
        "sip:%69nes@lab.example;transport=tcp", "sip:ines:secret@lab.example"})
    CHECK_MESSAGE(key_of(Scope::user, same) == "ines@lab.example", same);
  CHECK(Ace::make(Scope::user, "sip:Ines@LAB.example", {})->mask() == "sip:Ines@LAB.example");
  for (const std::string_view bad :
       {"", "ines@lab.example", "sip:lab.example", "sip:@lab.example", "tel:+15551234", "sip:ines@",
        "sip:ines @lab.example", " sip:ines@lab.example", "sip:i@h;a=\"<b\"", "sip:i@h; a=b",
        "sip:i@h;a=\"\x80\"", "<sip:i@h>", "sip:i@h\r\nX: y"})
    CHECK_MESSAGE(key_of(Scope::user, bad) == "mask malformed", bad);
  const std::string longest = "sip:" + std::string(uri_bytes_max - 6, 'u') + "@h";
  CHECK(longest.size() == 454);
  CHECK(key_of(Scope::user, longest) == longest.substr(4));
  CHECK(key_of(Scope::user, longest + "h") == "mask too long");
}

TEST_CASE("SIP-ACL-16: ALL needs no mask and keeps none; the others need theirs") {
  CHECK(Ace::parse("ALL", "sip:ines@lab.example", "DD")->mask().empty());
  CHECK(Ace::parse("ALL", std::nullopt, "DD") == Ace::parse("ALL", "", "DD"));
  for (const std::string_view type : {"USER", "DOMAIN"})
    CHECK(error_of(Ace::parse(type, std::nullopt, "AA")) ==
          Error{.fault = Fault::missing, .where = "mask"});
}

TEST_CASE("an entry in words is its scope, mask and rights") {
  CHECK(Ace::parse("USER", "sip:Ines@lab.example", "BDX")->to_string() ==
        "USER sip:Ines@lab.example BDX");
  CHECK(Ace::parse("ALL", "", "PA")->to_string() == "ALL PA");
}

}  // namespace
}  // namespace kith::acl
