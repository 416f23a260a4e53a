#include "kith/presence/publication.h"

#include <doctest/doctest.h>

#include "kith/presence/limits.h"
#include "kith/presence/testing/envelope.h"

namespace kith::presence {
namespace {

using testing::alice_with;
using testing::read_publication;
using testing::set_presence;

void check_refused(const std::string& envelope, Fault fault, std::string_view where) {
  CAPTURE(envelope);
  const auto publication = read_publication(envelope);
  REQUIRE_FALSE(publication);
  CHECK(publication.error().fault == fault);
  CHECK(publication.error().where == where);
}

std::string with_state(std::string_view availability, std::string_view activity) {
  std::string presentity = "<m:presentity m:uri='sip:alice@example.com'>";
  presentity.append(availability).append(activity).append("</m:presentity>");
  return set_presence(presentity);
}

TEST_CASE("SIP-PRES-30: what a real client publishes is kept as it is") {
  const auto publication = read_publication(
      testing::body_of(testing::captured(KITH_SOURCE_DIR, "client-SERVICE-setPresence-busy")));
  REQUIRE(publication);
  CHECK(publication->uri == "sip:alice@example.com");
  CHECK(publication->document.state == State{{300}, {600}});
  CHECK(publication->document.extensions ==
        "<deviceName xmlns=\"http://schemas.microsoft.com/2002/09/sip/presence\" name=\"CLIENT2\"/>"
        "<rtc:devicedata xmlns:rtc=\"http://schemas.microsoft.com/winrtc/2002/11/sip\" "
        "namespace=\"rtcService\"><![CDATA[<caps><renders_gif/><renders_isf/></caps>]]>"
        "</rtc:devicedata>"
        "<device xmlns=\"http://schemas.microsoft.com/2002/09/sip/presence\" "
        "deviceId=\"e3741a33e310\" since=\"2026-11-21T00:16:31Z\" >"
        "<userInput since=\"2026-11-21T00:16:31Z\" >active</userInput></device>");
  CHECK(publication->user_info ==
        "<userInfo xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
        "xmlns=\"http://schemas.microsoft.com/2002/09/sip/presence\"><note>Testing</note><states>"
        "<state avail=\"6500\" since=\"2026-11-21T00:16:31Z\" validWith=\"any-device\" "
        "deviceId=\"e3741a33e310\" set=\"manual\" xsi:type=\"userState\">busy</state></states>"
        "</userInfo>");
  const auto later = read_publication(
      testing::body_of(testing::captured(KITH_SOURCE_DIR, "client-SERVICE-setPresence-relogin")));
  REQUIRE(later);
  CHECK(later->user_info.starts_with(
      "<userInfo xmlns=\"http://schemas.microsoft.com/2002/09/sip/presence\"><note>Working"));
}

TEST_CASE("a publication as RTC clients send it, with descriptions and a note") {
  const auto publication = read_publication(
      "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\">\r\n"
      "<SOAP-ENV:Body>\r\n"
      "<m:setPresence xmlns:m=\"http://schemas.microsoft.com/winrtc/2002/11/sip\">\r\n"
      "<m:presentity m:uri=\"sip:walt@lab.example\">\r\n"
      "<m:availability m:aggregate=\"300\" m:description=\"online\"/>\r\n"
      "<m:activity m:aggregate=\"400\" m:description=\"Active\" m:note=\"At the bench\"/>\r\n"
      "<m:later>1</m:later>\r\n"
      "</m:presentity></m:setPresence></SOAP-ENV:Body></SOAP-ENV:Envelope>");
  REQUIRE(publication);
  CHECK(*publication ==
        Publication{.uri = "sip:walt@lab.example",
                    .document = {.state = {{300}, {400}},
                                 .availability_description = "online",
                                 .activity_description = "Active",
                                 .note = "At the bench",
                                 .extensions = "<m:later xmlns:m=\"http://schemas.microsoft.com/"
                                               "winrtc/2002/11/sip\">1</m:later>"},
                    .user_info = {}});
}

TEST_CASE("a publication is read back as it was written") {
  const Publication publication{.uri = "sip:alice@example.com",
                                .document = {.state = {{300}, {100}},
                                             .availability_description = "a<b",
                                             .activity_description = "\"c\"",
                                             .note = "d & e",
                                             .extensions = "<x xmlns=\"u\"/><n:y xmlns:n=\"v\"/>"},
                                .user_info = "<userInfo xmlns=\"w\">1</userInfo>"};
  xml::Writer out;
  publication.write(out);
  CHECK(read_publication("<Envelope><Body>" + out.take() + "</Body></Envelope>") == publication);
}

TEST_CASE("SIP-PRES-20: availability and activity are numbers of 0 to 999") {
  const auto state = [](const std::string& reach, const std::string& doing) {
    return with_state("<m:availability m:aggregate='" + reach + "'/>",
                      "<m:activity aggregate='" + doing + "'/>");
  };
  CHECK(read_publication(state("0", " 0 "))->document.state == State{});
  CHECK(read_publication(state("999", "999"))->document.state ==
        State{{aggregate_max}, {aggregate_max}});
  for (const std::string bad : {"", "1000", "-1", "65536", "3e2", "0x10", "300;"}) {
    check_refused(state(bad, "400"), Fault::malformed, "aggregate");
    check_refused(state("300", bad), Fault::malformed, "aggregate");
  }
}

TEST_CASE("what is missing in a publication, or there twice, is named") {
  const std::string reach = "<m:availability m:aggregate='300'/>";
  const std::string doing = "<m:activity m:aggregate='400'/>";
  check_refused(set_presence(""), Fault::missing, "presentity");
  check_refused(set_presence("<m:presentity/>"), Fault::missing, "uri");
  check_refused(set_presence("<m:presentity uri='sip:h'/>"), Fault::malformed, "uri");
  check_refused(set_presence("<m:presentity uri='sip:" + std::string(uri_bytes_max, 'u') + "@h'/>"),
                Fault::too_long, "uri");
  check_refused(with_state("", doing), Fault::missing, "availability");
  check_refused(with_state(reach, ""), Fault::missing, "activity");
  check_refused(with_state(reach + reach, doing), Fault::duplicate, "availability");
  check_refused(with_state(reach, doing + doing), Fault::duplicate, "activity");
  check_refused(with_state("<m:availability/>", doing), Fault::missing, "aggregate");
  check_refused(alice_with("<userInfo/><userInfo/>"), Fault::duplicate, "userInfo");
}

TEST_CASE("SIP-PRES-29: userInfo has at most 1024 characters") {
  const auto of = [](std::size_t count, std::string_view character) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += character;
    return alice_with("<userInfo xmlns='urn:not-counted'>" + text + "</userInfo>");
  };
  CHECK(user_info_characters_max == 1024);
  CHECK(read_publication(of(user_info_characters_max, "a")));
  CHECK(read_publication(of(user_info_characters_max, "\xE2\x82\xAC")));
  check_refused(of(user_info_characters_max + 1, "a"), Fault::too_long, "userInfo");
  check_refused(of(user_info_characters_max + 1, "\xE2\x82\xAC"), Fault::too_long, "userInfo");
}

TEST_CASE("texts, elements and depth of a publication have bounds") {
  const auto noted = [](std::size_t size) {
    return with_state("<m:availability m:aggregate='300'/>",
                      "<m:activity m:aggregate='400' m:note='" + std::string(size, 'n') + "'/>");
  };
  CHECK(read_publication(noted(text_bytes_max)));
  check_refused(noted(text_bytes_max + 1), Fault::too_long, "note");

  const std::string element = "<x xmlns=''></x>";
  const std::size_t rest = std::string_view(
                               "<m:availability xmlns:m='' m:aggregate='300'/>"
                               "<m:activity xmlns:m='' m:aggregate='400'/>")
                               .size() +
                           2 * winrtc_namespace.size();
  const auto filled = [&](std::size_t size) {
    return alice_with("<x xmlns=''>" + std::string(size - element.size(), 'x') + "</x>");
  };
  CHECK(read_publication(filled(publication_bytes_max - rest)));
  check_refused(filled(publication_bytes_max - rest + 1), Fault::too_long, "presentity");

  const auto nested = [](std::size_t depth) {
    std::string xml;
    for (std::size_t i = 0; i < depth; ++i) xml += "<x xmlns=''>";
    for (std::size_t i = 0; i < depth; ++i) xml += "</x>";
    return alice_with(xml);
  };
  CHECK(read_publication(nested(fragment_document.depth_max)));
  CHECK_FALSE(read_publication(nested(fragment_document.depth_max + 1)));
}

TEST_CASE("elements that are not where they were parsed are not kept") {
  const std::string envelope = alice_with("<x xmlns='u'/>");
  const auto root = xml::parse(envelope);
  REQUIRE(root);
  const xml::Element& method = root->child("Body")->children().front();
  CHECK(Publication::parse(method, envelope));
  for (const std::string& other : {alice_with(""), alice_with("<x xmlns='v'/>"),
                                   alice_with("<y xmlns='u'/>"), std::string("<Envelope/>")}) {
    const auto publication = Publication::parse(method, other);
    REQUIRE_FALSE(publication);
    CHECK(publication.error() == Error{.fault = Fault::malformed, .where = "presentity"});
  }
}

TEST_CASE("getPresence names whom it asks about") {
  const auto asked = [](std::string_view content) {
    const auto method = xml::parse("<m:getPresence xmlns:m='" + std::string(winrtc_namespace) +
                                   "'>" + std::string(content) + "</m:getPresence>");
    REQUIRE(method);
    return GetPresence::parse(*method);
  };
  const GetPresence bob{"sip:bob@example.com"};
  CHECK(asked("<presentity uri='sip:bob@example.com'/>") == bob);
  CHECK(asked("<m:presentity m:uri='bob@example.com'/>") == bob);
  CHECK(asked("").error() == Error{.fault = Fault::missing, .where = "presentity"});
  CHECK(asked("<presentity/>").error() == Error{.fault = Fault::missing, .where = "uri"});
  CHECK(asked("<presentity uri='sip:'/>").error().fault == Fault::malformed);
  CHECK(asked("<presentity uri='sip:a@h'/><presentity uri='sip:a@h'/>").error().fault ==
        Fault::duplicate);
  xml::Writer out;
  bob.write(out);
  CHECK(out.take() ==
        "<m:getPresence xmlns:m=\"http://schemas.microsoft.com/winrtc/2002/11/sip\">"
        "<presentity uri=\"sip:bob@example.com\" /></m:getPresence>");
}

}  // namespace
}  // namespace kith::presence
