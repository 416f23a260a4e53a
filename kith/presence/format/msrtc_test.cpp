#include "kith/presence/format/msrtc.h"

#include <doctest/doctest.h>

#include "kith/presence/limits.h"
#include "kith/presence/testing/envelope.h"

namespace kith::presence::msrtc {
namespace {

constexpr Time at{48h};

Aggregate walt() {
  return {.uri = "sip:walt@lab.example",
          .state = {{300}, {400}},
          .epid = "7f3a91c204",
          .directory = {.display_name = "Walt Ebel",
                        .email = "walt@lab.example",
                        .phone_number = "555-0199"},
          .user_info = "<userInfo xmlns=\"urn:u\">1</userInfo>",
          .devices = {{.epid = "7f3a91c204",
                       .published = at - 30s,
                       .document = {.state = {{300}, {400}},
                                    .availability_description = "online",
                                    .activity_description = "Active",
                                    .note = "At the bench",
                                    .extensions = "<deviceName xmlns=\"urn:d\" name=\"B\" />"}}}};
}

Aggregate nobody() {
  Aggregate offline{.uri = "sip:ines@lab.example",
                    .state = {},
                    .epid = {},
                    .directory = {},
                    .user_info = {},
                    .devices = {}};
  offline.directory.display_name = "Ines";
  return offline;
}

TEST_CASE("SIP-PRES-21, SIP-PRES-34: overall values, the directory, userInfo and every device") {
  CHECK(write(walt(), at) ==
        "<presentity uri=\"walt@lab.example\" "
        "xmlns=\"http://schemas.microsoft.com/2002/09/sip/presence\">"
        "<availability aggregate=\"300\" description=\"\" epid=\"7f3a91c204\" />"
        "<activity aggregate=\"400\" description=\"\" epid=\"7f3a91c204\" />"
        "<displayName displayName=\"Walt Ebel\" /><email email=\"walt@lab.example\" />"
        "<phoneNumber label=\"\" number=\"555-0199\" />"
        "<userInfo xmlns=\"urn:u\">1</userInfo>"
        "<devices><devicePresence epid=\"7f3a91c204\" ageOfPresence=\"30\">"
        "<availability aggregate=\"300\" description=\"online\" />"
        "<activity aggregate=\"400\" description=\"Active\" note=\"At the bench\" />"
        "<deviceName xmlns=\"urn:d\" name=\"B\" /></devicePresence></devices></presentity>");
}

TEST_CASE("SIP-PRES-33: somebody of whom no device is there has 0 and 0, no epid and no devices") {
  CHECK(write(nobody(), at) ==
        "<presentity uri=\"ines@lab.example\" "
        "xmlns=\"http://schemas.microsoft.com/2002/09/sip/presence\">"
        "<availability aggregate=\"0\" description=\"\" />"
        "<activity aggregate=\"0\" description=\"\" />"
        "<displayName displayName=\"Ines\" /></presentity>");
}

TEST_CASE("SIP-PRES-31: the URI is without sip:, a SIPS URI whole") {
  Aggregate user = nobody();
  CHECK(write(user, at).starts_with("<presentity uri=\"ines@lab.example\" "));
  user.uri = "sips:ines@lab.example";
  CHECK(write(user, at).starts_with("<presentity uri=\"sips:ines@lab.example\" "));
}

TEST_CASE("SIP-PRES-23, SIP-PRES-25: overall descriptions and the label of a number are empty") {
  const auto root = xml::parse(write(walt(), at));
  REQUIRE(root);
  CHECK(root->child("availability")->attribute("description") == "");
  CHECK(root->child("activity")->attribute("description") == "");
  CHECK(root->child("phoneNumber")->attribute("label") == "");
}

TEST_CASE("SIP-PRES-24: what the directory does not know is left out") {
  Aggregate user = walt();
  user.directory = {};
  const std::string document = write(user, at);
  for (const std::string_view name : {"<displayName", "<email", "<phoneNumber"})
    CHECK_FALSE_MESSAGE(document.contains(name), name);
  user.directory.email = "\"w\"&<";
  CHECK(write(user, at).contains("<email email=\"&quot;w&quot;&amp;&lt;\" /><userInfo"));
}

TEST_CASE("SIP-PRES-26: ageOfPresence is the whole seconds since the device published") {
  const auto age_at = [](Time now) {
    const auto root = xml::parse(write(walt(), now));
    REQUIRE(root);
    return std::string(
        *root->child("devices")->child("devicePresence")->attribute("ageOfPresence"));
  };
  const Time published = walt().devices.front().published;
  CHECK(age_at(published) == "0");
  CHECK(age_at(published + 1s - 1ns) == "0");
  CHECK(age_at(published + 24h) == "86400");
  CHECK(age_at(published - 1s) == "0");
}

TEST_CASE("SIP-PRES-30: what a real client published reaches its watchers as it was") {
  const auto publication = testing::read_publication(
      testing::body_of(testing::captured(KITH_SOURCE_DIR, "client-SERVICE-setPresence-busy")));
  REQUIRE(publication);
  Aggregate user = walt();
  user.user_info = publication->user_info;
  user.devices.front().document = publication->document;
  const std::string document = write(user, at);
  CHECK(document.contains(publication->document.extensions + "</devicePresence>"));
  const auto root = xml::parse(document, aggregate_document);
  REQUIRE(root);
  const xml::Element* device = root->child("devices")->child("devicePresence");
  REQUIRE(device != nullptr);
  CHECK(device->child("devicedata")->text() == "<caps><renders_gif/><renders_isf/></caps>");
  CHECK(device->child("devicedata")->ns() == winrtc_namespace);
  const xml::Element* state = root->child("userInfo")->child("states")->child("state");
  REQUIRE(state != nullptr);
  CHECK(state->attributes().back() ==
        xml::Attribute{"http://www.w3.org/2001/XMLSchema-instance", "type", "userState"});
}

TEST_CASE("the document is read back as it was written") {
  CHECK(parse(write(walt(), at), at) == walt());
  CHECK(parse(write(walt(), at), at + 24h)->devices.front().published == at + 24h - 30s);
  CHECK(parse(write(nobody(), at), at) == nobody());
}

TEST_CASE("the document of another server is read, with its userInfo") {
  const auto read = parse(
      testing::body_of(testing::captured(KITH_SOURCE_DIR, "server-200-SUBSCRIBE-relogin")), at);
  REQUIRE(read);
  CHECK(read->uri == "sip:alice@example.com");
  CHECK(read->epid == "46b45a2a3940");
  CHECK(read->directory.display_name == "Alice");
  CHECK(read->user_info.contains("<note>Working</note>"));
}

TEST_CASE("SIP-TRAN-19: prefixes, a URI with sip: and unknown elements are read") {
  const auto read = parse(
      "<x:presentity xmlns:x='urn:x' x:uri='sip:a@h' more='1'><x:news/>"
      "<x:availability x:aggregate='100'/><activity aggregate='5'/><devices><x:other/>"
      "<x:devicePresence epid='AB' ageOfPresence='1'><availability aggregate='1'/>"
      "<activity aggregate='2' note='n'/></x:devicePresence></devices></x:presentity>",
      at);
  REQUIRE(read);
  CHECK(read->uri == "sip:a@h");
  CHECK(read->state == State{{100}, {5}});
  REQUIRE(read->devices.size() == 1);
  CHECK(read->devices.front().document.note == "n");
}

TEST_CASE("what is wrong in the document is named") {
  const auto with = [](std::string_view rest) {
    return "<presentity uri='a@h'><availability aggregate='1'/><activity aggregate='1'/>" +
           std::string(rest) + "</presentity>";
  };
  const auto device = [&](std::string_view attributes) {
    return with("<devices><devicePresence " + std::string(attributes) + "/></devices>");
  };
  struct Case {
    std::string document;
    Fault fault;
    std::string_view where;
  };
  for (const auto& [document, fault, where] : std::initializer_list<Case>{
           {"<presence/>", Fault::unsupported, "document"},
           {"<presentity/>", Fault::missing, "uri"},
           {"<presentity uri='a'/>", Fault::malformed, "uri"},
           {"<presentity uri='a@h'/>", Fault::missing, "availability"},
           {"<presentity uri='a@h'><availability aggregate='1'/></presentity>", Fault::missing,
            "activity"},
           {"<presentity uri='a@h'><availability aggregate='x'/><activity/></presentity>",
            Fault::malformed, "aggregate"},
           {with("<availability aggregate='1'/>"), Fault::duplicate, "availability"},
           {device(""), Fault::missing, "epid"},
           {device("epid='x'"), Fault::malformed, "epid"},
           {device("epid='1'"), Fault::missing, "ageOfPresence"},
           {device("epid='1' ageOfPresence='-1'"), Fault::malformed, "ageOfPresence"},
           {device("epid='1' ageOfPresence='1'"), Fault::missing, "availability"},
           {"<!DOCTYPE presentity><presentity/>", Fault::forbidden, "DOCTYPE"},
           {"<presentity", Fault::malformed, "XML"},
       }) {
    CAPTURE(document);
    const auto read = parse(document, at);
    REQUIRE_FALSE(read);
    CHECK(read.error().fault == fault);
    CHECK(read.error().where == where);
  }
}

TEST_CASE("the longest document that the limits allow is read back") {
  Aggregate user = walt();
  const std::string extensions =
      "<x xmlns=\"u\">" + std::string(publication_bytes_max - 17, 'x') + "</x>";
  user.devices.front().document.extensions = extensions;
  const DevicePresence device = user.devices.front();
  user.devices.resize(Limits{}.devices_max, device);
  const std::string document = write(user, at);
  CHECK(document.size() <= aggregate_document.document_bytes_max);
  CHECK(parse(document, at) == user);
}

}  // namespace
}  // namespace kith::presence::msrtc
