#include "kith/presence/format/rlmi.h"

#include <doctest/doctest.h>

#include <array>

#include "kith/presence/format/msrtc.h"
#include "kith/presence/testing/envelope.h"
#include "kith/sip/header/content_id.h"
#include "kith/sip/header/content_transfer_encoding.h"
#include "kith/sip/message.h"

namespace kith::presence::rlmi {
namespace {

const Head first{.watcher = "sip:walt@lab.example", .version = 0, .extent = Extent::full};

sip::ContentTypeView view_of(const sip::ContentType& type) {
  return {.type = type.type, .subtype = type.subtype, .params = type.params};
}

TEST_CASE("SIP-BATCH-08: the list, and then a part for each resource, which its cid names") {
  const std::array parts{Part{"sip:ines@lab.example", "<presentity/>"},
                         Part{"sip:otto@lab.example", "<x/>"}};
  const auto written = write(first, parts);
  CHECK(kith::written(written.type) ==
        "multipart/related;type=\"application/rlmi+xml\";start=resourceList;boundary=kith");
  CHECK(written.body ==
        "--kith\r\n"
        "Content-Transfer-Encoding: binary\r\n"
        "Content-ID: resourceList\r\n"
        "Content-Type: application/rlmi+xml\r\n"
        "\r\n"
        "<list xmlns=\"urn:ietf:params:xml:ns:rlmi\" uri=\"sip:walt@lab.example\" version=\"0\" "
        "fullState=\"true\">"
        "<resource uri=\"sip:ines@lab.example\">"
        "<instance id=\"0\" state=\"active\" cid=\"ines@lab.example\" /></resource>"
        "<resource uri=\"sip:otto@lab.example\">"
        "<instance id=\"0\" state=\"active\" cid=\"otto@lab.example\" /></resource></list>\r\n"
        "\r\n"
        "--kith\r\n"
        "Content-Transfer-Encoding: binary\r\n"
        "Content-ID: ines@lab.example\r\n"
        "Content-Type: text/xml+msrtc.pidf\r\n"
        "\r\n"
        "<presentity/>\r\n"
        "\r\n"
        "--kith\r\n"
        "Content-Transfer-Encoding: binary\r\n"
        "Content-ID: otto@lab.example\r\n"
        "Content-Type: text/xml+msrtc.pidf\r\n"
        "\r\n"
        "<x/>\r\n"
        "\r\n"
        "--kith--\r\n");
}

TEST_CASE("SIP-BATCH-09: a list has a version, and says whether it is all there is") {
  const std::array parts{Part{"sip:a@h", "<a/>"}};
  for (const Extent extent : {Extent::full, Extent::partial}) {
    const Head head{.watcher = "sip:w@h", .version = 4'294'967'295, .extent = extent};
    const auto written = write(head, parts);
    CHECK(written.body.contains(extent == Extent::full
                                    ? "version=\"4294967295\" fullState=\"true\">"
                                    : "version=\"4294967295\" fullState=\"false\">"));
    const auto read = parse(written.body, view_of(written.type));
    REQUIRE(read);
    CHECK(read->head == head);
  }
}

TEST_CASE("SIP-BATCH-15: there is a part for every resource, whatever its URI") {
  const std::array parts{Part{"sip:a@h", "<a/>"}, Part{"sips:a@h", "<b/>"},
                         Part{"sip:a;b=c@h:5061;transport=tls", "<c>--kith</c>"},
                         Part{"sip:a&b'c@[2001:db8::1]", "<d/>"}};
  const auto written = write(first, parts);
  const auto read = parse(written.body, view_of(written.type));
  REQUIRE(read);
  REQUIRE(read->resources.size() == parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    CHECK(read->resources[i] == parts[i].uri);
    CHECK(read->documents[i] == std::string(parts[i].document) + "\r\n");
  }
}

TEST_CASE("the notification that a real client took is read") {
  const auto message =
      sip::Message::parse(testing::captured(KITH_SOURCE_DIR, "server-200-SUBSCRIBE-adhoclist"));
  REQUIRE(message);
  const auto type = message->view<sip::ContentType>();
  REQUIRE(type);
  REQUIRE(*type);
  const auto read = parse(message->body(), **type);
  REQUIRE(read);
  CHECK(read->head ==
        Head{.watcher = "sip:alice@example.com", .version = 0, .extent = Extent::partial});
  REQUIRE(read->resources == std::vector<std::string>{"sip:bob@example.com",
                                                      "sip:carol@example.com",
                                                      "sip:alice@example.com"});
  for (std::size_t i = 0; i < 3; ++i) {
    const auto document = msrtc::parse(read->documents[i], Time{});
    CAPTURE(read->documents[i]);
    // That server writes an empty epid, which is none.
    REQUIRE(document);
    CHECK(document->uri == read->resources[i]);
  }
}

TEST_CASE("what is wrong in a notification is named") {
  const auto of = [](std::string_view list) {
    sip::MultipartWriter out;
    out.add_lines("Content-Type: application/rlmi+xml\r\n", list);
    return out.write("related", "b");
  };
  struct Case {
    std::string list;
    Fault fault;
    std::string_view where;
  };
  const std::string good = "<list uri='w@h' version='1' fullState='true'>";
  for (const auto& [list, fault, where] : std::initializer_list<Case>{
           {"", Fault::malformed, "XML"},
           {"<lists/>", Fault::unsupported, "document"},
           {"<list/>", Fault::missing, "uri"},
           {"<list uri='w@h'/>", Fault::missing, "version"},
           {"<list uri='w@h' version='-1'/>", Fault::malformed, "version"},
           {"<list uri='w@h' version='4294967296'/>", Fault::malformed, "version"},
           {"<list uri='w@h' version='1'/>", Fault::missing, "fullState"},
           {"<list uri='w@h' version='1' fullState='yes'/>", Fault::malformed, "fullState"},
           {good + "<resource/></list>", Fault::missing, "uri"},
           {good + "<resource uri='a b@h'/></list>", Fault::malformed, "uri"},
       }) {
    CAPTURE(list);
    const auto written = of(list);
    const auto read = parse(written.body, view_of(written.type));
    REQUIRE_FALSE(read);
    CHECK(read.error().fault == fault);
    CHECK(read.error().where == where);
  }
  const auto lone = of(good +
                       "<resource uri='a@h'><instance id='0' cid='c'/></resource>"
                       "<resource uri='b@h'/></list>");
  const auto read = parse(lone.body, view_of(lone.type));
  REQUIRE(read);
  CHECK(read->documents == std::vector<std::string_view>{"", ""});
  sip::ContentType other = lone.type;
  other.params.set("start", "nowhere");
  CHECK(parse(lone.body, view_of(other)).error() ==
        Error{.fault = Fault::missing, .where = "list"});
}

}  // namespace
}  // namespace kith::presence::rlmi
