#include "kith/acl/format/wpending.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

#include "kith/acl/limits.h"
#include "kith/acl/testing/support.h"

namespace kith::acl::wpending {
namespace {

using testing::uri;

TEST_CASE("who waits is written as the real client asks for it") {
  Pending pending;
  CHECK(write(pending) == "<watchers />");
  REQUIRE(pending.add(uri("sip:alice@example.com"), "Alice"));
  REQUIRE(pending.add(uri("sip:Otto&co@example.com"), "<\"O\">"));
  CHECK(write(pending) ==
        "<watchers><watcher uri=\"sip:alice@example.com\" displayName=\"Alice\" />"
        "<watcher uri=\"sip:otto&amp;co@example.com\" displayName=\"&lt;&quot;O&quot;&gt;\" />"
        "</watchers>");
  CHECK(parse(write(pending)) == pending.watchers());
}

TEST_CASE("a display name that XML cannot carry loses what it cannot") {
  Pending pending;
  REQUIRE(pending.add(uri("sip:a@h"), "A\x01\xFF"));
  const auto watchers = parse(write(pending));
  REQUIRE(watchers);
  CHECK(watchers->front().display_name == "A");
}

TEST_CASE("the document that a real client acted on is read; an empty body is nobody") {
  const auto watchers =
      parse(testing::capture("ntlm-bob-020-server-BENOTIFY-presence.wpending").body());
  REQUIRE(watchers);
  CHECK(*watchers ==
        std::vector<Watcher>{{.uri = "sip:alice@example.com", .display_name = "Alice"}});
  CHECK(parse("")->empty());
  CHECK(parse("<watchers/>")->empty());
}

TEST_CASE("SIP-TRAN-19: any root, any prefix, and unknown things are read") {
  const auto watchers = parse(
      "<p:list xmlns:p='urn:p'><p:watcher uri='sip:A@h' since='1'/><news/>"
      "<watcher uri='sip:b@h' displayName='" +
      std::string(display_name_bytes_max + 1, 'n') + "'/></p:list>");
  REQUIRE(watchers);
  CHECK(*watchers == std::vector<Watcher>{{.uri = "sip:A@h", .display_name = ""},
                                          {.uri = "sip:b@h", .display_name = ""}});
}

TEST_CASE("what is wrong in the document is named") {
  struct Case {
    std::string document;
    Fault fault;
    std::string_view where;
  };
  const std::string long_uri = "sip:u@" + std::string(uri_bytes_max, 'h');
  for (const auto& [document, fault, where] : std::initializer_list<Case>{
           {"<watchers><watcher/></watchers>", Fault::missing, "uri"},
           {"<watchers><watcher uri=''/></watchers>", Fault::malformed, "uri"},
           {"<watchers><watcher uri='alice'/></watchers>", Fault::malformed, "uri"},
           {"<watchers><watcher uri='tel:+1'/></watchers>", Fault::malformed, "uri"},
           {"<watchers><watcher uri='" + long_uri + "'/></watchers>", Fault::too_long, "uri"},
           {"<watchers>", Fault::malformed, "XML"},
           {" ", Fault::malformed, "XML"},
           {"<!DOCTYPE a><watchers/>", Fault::forbidden, "DOCTYPE"},
       }) {
    CAPTURE(document);
    const auto watchers = parse(document);
    REQUIRE_FALSE(watchers);
    CHECK(watchers.error().fault == fault);
    CHECK(watchers.error().where == where);
  }
}

TEST_CASE("the longest document that the limits allow is read back, a longer one refused") {
  Pending pending;
  while (pending.watchers().size() < pending_max) {
    const std::string number = std::to_string(1000 + pending.watchers().size());
    REQUIRE(pending.add(uri("sip:" + number + std::string(uri_bytes_max - 10, '&') + "@h"),
                        std::string(display_name_bytes_max, '"')));
  }
  const std::string document = write(pending);
  CHECK(document.size() <= pending_document.document_bytes_max);
  CHECK(parse(document) == pending.watchers());
  const std::string blanks(pending_document.document_bytes_max - document.size(), ' ');
  CHECK(parse(document + blanks));
  const auto longer = parse(document + blanks + " ");
  REQUIRE_FALSE(longer);
  CHECK(longer.error().fault == Fault::too_long);
}

}  // namespace
}  // namespace kith::acl::wpending
