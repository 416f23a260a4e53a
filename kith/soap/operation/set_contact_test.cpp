#include "kith/soap/operation/set_contact.h"

#include <doctest/doctest.h>

#include <string>

#include "kith/contacts/limits.h"
#include "kith/soap/operation/operation_test.h"

namespace kith::soap {
namespace {

using contacts::GroupId;
using contacts::Version;

SetContact robert() {
  return {.contact = {.uri = "sip:bob@example.com",
                      .name = "Robert <B>",
                      .groups = {GroupId{2}},
                      .external_uri = {},
                      .extension = {}},
          .expected = Version{5}};
}

std::string children(std::string_view groups, std::string_view more = "") {
  std::string xml = "<m:displayName>B</m:displayName><m:groups>";
  xml.append(groups).append("</m:groups><m:subscribed>true</m:subscribed><m:URI>sip:b@h</m:URI>");
  return xml.append("<m:deltaNum>5</m:deltaNum>").append(more);
}

TEST_CASE("SIP-CONT-14: setContact as a real client sends it") {
  CHECK(test::parse<SetContact>(
            "<m:displayName>Robert &lt;B&gt;</m:displayName><m:groups>2</m:groups>"
            "<m:subscribed>true</m:subscribed><m:URI>sip:bob@example.com</m:URI>"
            "<m:externalURI /><m:deltaNum>5</m:deltaNum>") == robert());
}

TEST_CASE("SIP-CONT-14: setContact as RTC clients send it, without groups") {
  const auto set = read<SetContact>(
      "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\">\r\n "
      "<SOAP-ENV:Body> <m:setContact xmlns:m=\"http://schemas.microsoft.com/winrtc/2002/11/sip\"> "
      "<m:displayName>buddy 1</m:displayName> <m:groups /> <m:subscribed>true</m:subscribed> "
      "<m:URI>sip:user4@server.contoso.com</m:URI> <m:externalURI /> <m:deltaNum>12</m:deltaNum> "
      "</m:setContact> </SOAP-ENV:Body> </SOAP-ENV:Envelope>");
  REQUIRE(set);
  CHECK(set->contact.name == "buddy 1");
  CHECK(set->contact.groups.empty());
  CHECK(set->contact.uri == "sip:user4@server.contoso.com");
  CHECK(set->expected == Version{12});
}

TEST_CASE(
    "SIP-CONT-14: children in any order, unknown ones passed over, written in the schema's order") {
  CHECK(test::parse<SetContact>(
            "<m:deltaNum>5</m:deltaNum><m:later/><m:URI> sip:bob@example.com\n</m:URI>"
            "<m:subscribed>1</m:subscribed><groups> 2 </groups>"
            "<displayName xmlns=''>Robert &lt;B&gt;</displayName>") == robert());
  SetContact full = robert();
  full.contact.groups = {GroupId{2}, GroupId{3}};
  full.contact.subscribed = false;
  full.contact.external_uri = "e";
  full.contact.extension = "<x xmlns=\"urn:x\">1</x>";
  CHECK(envelope(full).contains(
      "<m:displayName>Robert &lt;B&gt;</m:displayName><m:groups>2 3</m:groups>"
      "<m:subscribed>false</m:subscribed><m:URI>sip:bob@example.com</m:URI>"
      "<m:externalURI>e</m:externalURI><m:deltaNum>5</m:deltaNum>"
      "<m:contactExtension><x xmlns=\"urn:x\">1</x></m:contactExtension></m:setContact>"));
  test::check_round_trip(full);
  test::check_round_trip(robert());
  test::check_round_trip(SetContact{
      .contact = {.uri = "sip:b@h", .name = {}, .groups = {}, .external_uri = {}, .extension = {}},
      .expected = {}});
}

TEST_CASE("SIP-CONT-08: setContact carries deltaNum, a number of 32 bits") {
  test::check_delta_num<SetContact>(
      "<m:displayName/><m:groups/><m:subscribed>true</m:subscribed><m:URI>sip:b@h</m:URI>");
}

TEST_CASE("SIP-CONT-16: no groups element is the same as an empty one") {
  const auto set = test::parse<SetContact>(
      "<m:displayName/><m:subscribed>true</m:subscribed><m:URI>sip:b@h</m:URI><m:deltaNum>1</"
      "m:deltaNum>");
  REQUIRE(set);
  CHECK(set->contact.groups.empty());
}

TEST_CASE("SIP-CONT-17: groups are at most 64 ids of 0 to 64, between blanks") {
  const auto ids = [](std::size_t n) {
    std::string text;
    for (std::size_t i = 0; i < n; ++i) text += "1 ";
    return text;
  };
  CHECK(test::parse<SetContact>(children("0 1\t64\n2 "))->contact.groups ==
        std::vector{GroupId{0}, GroupId{1}, GroupId{64}, GroupId{2}});
  CHECK(test::parse<SetContact>(children(ids(contacts::groups_per_contact_max)))
            ->contact.groups.size() == contacts::groups_per_contact_max);
  test::check_refused<SetContact>(children(ids(contacts::groups_per_contact_max + 1)),
                                  Fault::too_many, "groups");
  for (const std::string_view bad : {"x", "1,2", "-1", "65", "256", "1 2 x", "<m:id>1</m:id>x"})
    test::check_refused<SetContact>(children(bad), Fault::malformed, "groups");
}

TEST_CASE("SIP-CONT-28: subscribed is true or false") {
  const auto subscribed = [](const std::string& text) {
    return "<m:displayName/><m:subscribed>" + text +
           "</m:subscribed><m:URI>sip:b@h</m:URI><m:deltaNum>1</m:deltaNum>";
  };
  CHECK(test::parse<SetContact>(subscribed(" true "))->contact.subscribed);
  CHECK_FALSE(test::parse<SetContact>(subscribed("false"))->contact.subscribed);
  CHECK_FALSE(test::parse<SetContact>(subscribed("0"))->contact.subscribed);
  for (const std::string bad : {"", "TRUE", "yes", "2"})
    test::check_refused<SetContact>(subscribed(bad), Fault::malformed, "subscribed");
}

TEST_CASE("SIP-CONT-14: a missing or repeated child is named") {
  const std::string name = "<m:displayName/>";
  const std::string subscribed = "<m:subscribed>true</m:subscribed>";
  const std::string uri = "<m:URI>sip:b@h</m:URI>";
  const std::string number = "<m:deltaNum>1</m:deltaNum>";
  test::check_refused<SetContact>(subscribed + uri + number, Fault::missing, "displayName");
  test::check_refused<SetContact>(name + uri + number, Fault::missing, "subscribed");
  test::check_refused<SetContact>(name + subscribed + number, Fault::missing, "URI");
  test::check_refused<SetContact>(name + subscribed + uri, Fault::missing, "deltaNum");
  test::check_refused<SetContact>(name + name + subscribed + uri + number, Fault::duplicate,
                                  "displayName");
  test::check_refused<SetContact>("<m:displayName><b/></m:displayName>" + subscribed + uri + number,
                                  Fault::malformed, "displayName");
  test::check_refused<SetContact>("<m:displayname/>" + subscribed + uri + number, Fault::missing,
                                  "displayName");
}

TEST_CASE("SIP-CONT-18, SIP-CONT-19, SIP-CONT-20, SIP-CONT-21: lengths") {
  const auto sized = [](std::size_t name, std::size_t uri, std::size_t external,
                        std::size_t extension) {
    const auto element = [](const std::string& tag, const std::string& text) {
      return "<m:" + tag + ">" + text + "</m:" + tag + ">";
    };
    return element("displayName", std::string(name, 'n')) + "<m:subscribed>true</m:subscribed>" +
           element("URI", "sip:b@" + std::string(uri - 6, 'h')) +
           element("externalURI", std::string(external, 'e')) + "<m:deltaNum>1</m:deltaNum>" +
           element("contactExtension", std::string(extension, 'x'));
  };
  CHECK(test::parse<SetContact>(sized(256, 454, 1024, 1024)));
  test::check_refused<SetContact>(sized(257, 454, 1024, 1024), Fault::too_long, "displayName");
  test::check_refused<SetContact>(sized(256, 455, 1024, 1024), Fault::too_long, "URI");
  test::check_refused<SetContact>(sized(256, 454, 1025, 1024), Fault::too_long, "externalURI");
  test::check_refused<SetContact>(sized(256, 454, 1024, 1025), Fault::too_long, "contactExtension");
}

TEST_CASE("SIP-CONT-21: a URI that is none is refused") {
  for (const std::string bad : {"", "bob", "bob@h", "sip:h", "sip:b b@h", "mailto:b@h"})
    test::check_refused<SetContact>("<m:displayName/><m:subscribed>true</m:subscribed><m:URI>" +
                                        bad + "</m:URI><m:deltaNum>1</m:deltaNum>",
                                    Fault::malformed, "URI");
}

TEST_CASE("SIP-CONT-18: contactExtension is kept as XML that stands alone") {
  const auto set = test::parse<SetContact>(
      children("", "<m:contactExtension><m:a>1</m:a><b k='&quot;'/>&amp;</m:contactExtension>"));
  REQUIRE(set);
  CHECK(
      set->contact.extension ==
      "<a xmlns=\"http://schemas.microsoft.com/winrtc/2002/11/sip\">1</a><b k=\"&quot;\" />&amp;");
  test::check_round_trip(*set);
}

}  // namespace
}  // namespace kith::soap
