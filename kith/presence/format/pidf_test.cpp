#include "kith/presence/format/pidf.h"

#include <doctest/doctest.h>

#include <chrono>

#include "kith/xml/parse.h"

namespace kith::presence::pidf {
namespace {

constexpr std::string_view declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n";

/// 2026-11-21T00:16:31Z, and a part of the second more.
constexpr Time noted{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21}.time_since_epoch() +
                     16min + 31s + 900ms};

DevicePresence device(std::string_view epid, State state, std::string_view note = "") {
  DevicePresence one{.epid = std::string(epid), .published = noted, .document = {}};
  one.document.state = state;
  one.document.note = note;
  return one;
}

Aggregate alice() {
  return {.uri = "sip:alice@example.com",
          .state = {},
          .epid = {},
          .directory = {},
          .user_info = {},
          .devices = {}};
}

TEST_CASE("RFC 3863 §4.1.1: a document has its entity and one tuple at least") {
  CHECK(write(alice()) == std::string(declaration) +
                              "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" "
                              "entity=\"sip:alice@example.com\"><tuple id=\"user\"><status>"
                              "<basic>closed</basic></status>"
                              "<contact>sip:alice@example.com</contact></tuple></presence>");
}

TEST_CASE("RFC 3863 §4.1.2: a tuple for each device, the most available first") {
  Aggregate user = alice();
  user.devices = {device("1a", {{0}, {0}}), device("b2", {{300}, {600}}, "on the <phone>")};
  user.epid = "b2";
  user.state = {{300}, {600}};
  CHECK(write(user) == std::string(declaration) +
                           "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" "
                           "entity=\"sip:alice@example.com\"><tuple id=\"db2\"><status>"
                           "<basic>open</basic></status><contact>sip:alice@example.com</contact>"
                           "<note>on the &lt;phone&gt;</note>"
                           "<timestamp>2026-11-21T00:16:31Z</timestamp></tuple>"
                           "<tuple id=\"d1a\"><status><basic>closed</basic></status>"
                           "<contact>sip:alice@example.com</contact>"
                           "<timestamp>2026-11-21T00:16:31Z</timestamp></tuple></presence>");
}

TEST_CASE("a device is open if a call to it may get through") {
  for (const std::uint16_t availability :
       std::initializer_list<std::uint16_t>{0, 99, 100, 200, 300}) {
    CAPTURE(availability);
    Aggregate user = alice();
    user.devices = {device("a", {{availability}, {0}})};
    user.epid = "a";
    CHECK(write(user).contains("<basic>open</basic>") == (availability >= 100));
  }
}

TEST_CASE("a device that is connected and has not published is open, before all others") {
  Aggregate user = alice();
  user.devices = {device("a", {{0}, {0}})};
  user.epid = "f0";
  user.state = {{200}, {0}};
  const auto root = xml::parse(write(user));
  REQUIRE(root);
  REQUIRE(root->count("tuple") == 2);
  CHECK(root->children()[0].child("status")->child("basic")->text() == "open");
  CHECK(root->children()[1].child("status")->child("basic")->text() == "closed");
}

}  // namespace
}  // namespace kith::presence::pidf
