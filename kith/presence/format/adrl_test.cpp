#include "kith/presence/format/adrl.h"

#include <doctest/doctest.h>

#include "kith/presence/limits.h"
#include "kith/presence/testing/envelope.h"

namespace kith::presence::adrl {
namespace {

std::string adhoclist(std::string_view content) {
  return "<adhoclist xmlns='urn:ietf:params:xml:ns:adrl' uri='sip:alice@example.com'>" +
         std::string(content) + "</adhoclist>";
}

TEST_CASE("SIP-BATCH-03: the list of a real client is read") {
  const auto list =
      parse(testing::body_of(testing::captured(KITH_SOURCE_DIR, "client-SUBSCRIBE-adhoclist")));
  REQUIRE(list);
  CHECK(*list == AdHocList{.watcher = "sip:alice@example.com",
                           .action = Action::create,
                           .resources = {"sip:bob@example.com", "sip:carol@example.com",
                                         "sip:alice@example.com"}});
}

TEST_CASE("SIP-BATCH-03: create, add or delete, each of any number of resources") {
  const auto action = [](std::string_view content) {
    const auto list = parse(adhoclist(content));
    REQUIRE(list);
    return list->action;
  };
  CHECK(action("<create xmlns=''/>") == Action::create);
  CHECK(action("<add><resource uri='sip:b@h'/></add>") == Action::add);
  CHECK(action("<more/><delete><more/></delete>") == Action::remove);
  const AdHocList list{.watcher = "sip:alice@example.com",
                       .action = Action::remove,
                       .resources = {"sip:b@h", "sips:c@h"}};
  CHECK(write(list) ==
        "<adhoclist xmlns=\"urn:ietf:params:xml:ns:adrl\" uri=\"sip:alice@example.com\" "
        "name=\"sip:alice@example.com\"><delete xmlns=\"\"><resource uri=\"sip:b@h\" />"
        "<resource uri=\"sips:c@h\" /></delete></adhoclist>");
  for (const Action each : {Action::create, Action::add, Action::remove}) {
    AdHocList other = list;
    other.action = each;
    CHECK(parse(write(other)) == other);
  }
}

TEST_CASE("SIP-BATCH-03: what is wrong in a list is named") {
  struct Case {
    std::string document;
    Fault fault;
    std::string_view where;
  };
  for (const auto& [document, fault, where] : std::initializer_list<Case>{
           {"<list/>", Fault::unsupported, "document"},
           {"<adhoclist/>", Fault::missing, "uri"},
           {"<adhoclist uri='x'/>", Fault::malformed, "uri"},
           {adhoclist(""), Fault::missing, "create"},
           {adhoclist("<create/><create/>"), Fault::too_many, "create"},
           {adhoclist("<create/><delete/>"), Fault::too_many, "create"},
           {adhoclist("<add><resource/></add>"), Fault::missing, "uri"},
           {adhoclist("<add><resource uri='sip:h'/></add>"), Fault::malformed, "uri"},
           {adhoclist("<add><resource uri='sip:b@h&#13;&#10;X: y'/></add>"), Fault::malformed,
            "uri"},
           {adhoclist("<add><resource uri='" + std::string(uri_bytes_max, 'u') + "@h'/></add>"),
            Fault::too_long, "uri"},
           {"<!DOCTYPE adhoclist><adhoclist/>", Fault::forbidden, "DOCTYPE"},
       }) {
    CAPTURE(document);
    const auto list = parse(document);
    REQUIRE_FALSE(list);
    CHECK(list.error().fault == fault);
    CHECK(list.error().where == where);
  }
}

TEST_CASE("a list as long as a subscription may be is read, whatever the length of its URIs") {
  AdHocList list{.watcher = "sip:alice@example.com", .action = Action::create, .resources = {}};
  for (std::size_t i = 0; i < Limits{}.resources_max; ++i)
    list.resources.push_back("sip:" + std::to_string(1000 + i) +
                             std::string(uri_bytes_max - 10, 'u') + "@h");
  CHECK(parse(write(list)) == list);
  const std::string empty = write({.watcher = list.watcher, .action = {}, .resources = {}});
  const std::string blanks(list_document.document_bytes_max - empty.size(), ' ');
  CHECK(parse(empty + blanks));
  CHECK(parse(empty + blanks + " ").error().fault == Fault::too_long);
}

}  // namespace
}  // namespace kith::presence::adrl
