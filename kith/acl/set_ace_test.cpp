#include "kith/acl/set_ace.h"

#include <doctest/doctest.h>

#include <concepts>
#include <initializer_list>
#include <string>

#include "kith/acl/testing/support.h"
#include "kith/xml/parse.h"

namespace kith::acl {
namespace {

using testing::ace;

static_assert(std::regular<SetAce>);  // as an operation must be

constexpr std::string_view type = "<m:type>USER</m:type>";
constexpr std::string_view mask = "<m:mask>sip:ines@lab.example</m:mask>";
constexpr std::string_view rights = "<m:rights>AA</m:rights>";
constexpr std::string_view number = "<m:deltaNum>7</m:deltaNum>";

Result<SetAce> parse(std::initializer_list<std::string_view> children) {
  std::string document = "<m:setACE xmlns:m=\"" + std::string(SetAce::name.ns) + "\">";
  for (const std::string_view child : children) document += child;
  const auto method = xml::parse(document + "</m:setACE>");
  REQUIRE(method);
  CHECK(method->is(SetAce::name));
  return SetAce::parse(*method);
}

/// The method of a captured request.
Result<SetAce> captured(const std::string& name) {
  const sip::Message message = testing::capture(name);
  const auto envelope = xml::parse(message.body());
  REQUIRE(envelope);
  const xml::Element* body = envelope->child("Body");
  REQUIRE(body != nullptr);
  REQUIRE(body->children().size() == 1);
  CHECK(body->children().front().is(SetAce::name));
  return SetAce::parse(body->children().front());
}

TEST_CASE("SIP-ACL-15: setACE as a real client sends it") {
  CHECK(captured("ntlm-alice-095-client-SERVICE-setACE") ==
        SetAce{.ace = ace("USER", "sip:bob@example.com", "BD"), .expected = Version{1}});
  CHECK(captured("ntlm-bob-021-client-SERVICE-setACE") ==
        SetAce{.ace = ace("USER", "sip:alice@example.com", "AA"), .expected = Version{1}});
}

TEST_CASE("SIP-ACL-15, SIP-TRAN-19: children in any order, with blanks, unknown ones passed over") {
  const SetAce wanted{.ace = ace("USER", "sip:ines@lab.example", "AA"), .expected = Version{7}};
  CHECK(parse({type, mask, rights, number}) == wanted);
  CHECK(parse({number, "<m:later/>", rights, "<mask> sip:ines@lab.example\r\n</mask>",
               "<type xmlns=''>\tUSER </type>"}) == wanted);
  CHECK(parse({type, mask, rights, "<m:deltaNum> 4294967295 </m:deltaNum>"})->expected ==
        Version{4294967295});
}

TEST_CASE("SIP-ACL-16: ALL comes with an empty mask, or with none") {
  const SetAce wanted{.ace = ace("ALL", "", "AA"), .expected = Version{7}};
  CHECK(parse({"<m:type>ALL</m:type>", "<m:mask/>", rights, number}) == wanted);
  CHECK(parse({"<m:type>ALL</m:type>", rights, number}) == wanted);
}

TEST_CASE("SIP-ACL-15: setACE is written as a real client does, and read back") {
  for (const SetAce& set :
       {SetAce{.ace = ace("USER", "sip:i&j@lab.example", "BDX"), .expected = Version{3}},
        SetAce{.ace = ace("DOMAIN", "lab.example", "PA"), .expected = Version{4}},
        SetAce{.ace = ace("ALL", "", "DD"), .expected = Version{5}}}) {
    xml::Writer out;
    set.write(out);
    const auto method = xml::parse(out.take());
    REQUIRE(method);
    CHECK(method->is(SetAce::name));
    CHECK(SetAce::parse(*method) == set);
  }
  xml::Writer out;
  parse({type, mask, rights, number})->write(out);
  CHECK(out.take() == "<m:setACE xmlns:m=\"http://schemas.microsoft.com/winrtc/2002/11/sip\">" +
                          std::string(type).append(mask).append(rights).append(number) +
                          "</m:setACE>");
}

TEST_CASE("SIP-ACL-15: what is missing, repeated or wrong in setACE is named") {
  struct Case {
    std::initializer_list<std::string_view> children;
    Fault fault;
    std::string_view where;
  };
  for (const auto& [children, fault, where] : std::initializer_list<Case>{
           {{mask, rights, number}, Fault::missing, "type"},
           {{type, rights, number}, Fault::missing, "mask"},
           {{type, mask, number}, Fault::missing, "rights"},
           {{type, mask, rights}, Fault::missing, "deltaNum"},
           {{type, type, mask, rights, number}, Fault::duplicate, "type"},
           {{type, mask, mask, rights, number}, Fault::duplicate, "mask"},
           {{type, mask, rights, rights, number}, Fault::duplicate, "rights"},
           {{type, mask, rights, number, number}, Fault::duplicate, "deltaNum"},
           {{"<m:Type>USER</m:Type>", mask, rights, number}, Fault::missing, "type"},
           {{"<m:type>user</m:type>", mask, rights, number}, Fault::unsupported, "type"},
           {{"<m:type>DOMAIN</m:type>", mask, rights, number}, Fault::malformed, "mask"},
           {{type, "<m:mask/>", rights, number}, Fault::malformed, "mask"},
           {{type, "<m:mask>sip:ines@lab.example<b/></m:mask>", rights, number},
            Fault::malformed,
            "mask"},
           {{type, mask, "<m:rights/>", number}, Fault::malformed, "rights"},
           {{type, mask, "<m:rights>A A</m:rights>", number}, Fault::malformed, "rights"},
           {{type, mask, rights, "<m:deltaNum/>"}, Fault::malformed, "deltaNum"},
           {{type, mask, rights, "<m:deltaNum>-1</m:deltaNum>"}, Fault::malformed, "deltaNum"},
           {{type, mask, rights, "<m:deltaNum>1 2</m:deltaNum>"}, Fault::malformed, "deltaNum"},
           {{type, mask, rights, "<m:deltaNum>4294967296</m:deltaNum>"},
            Fault::malformed,
            "deltaNum"},
       }) {
    const auto set = parse(children);
    REQUIRE_FALSE(set);
    CHECK(set.error() == Error{.fault = fault, .where = where});
  }
}

}  // namespace
}  // namespace kith::acl
