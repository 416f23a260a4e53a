#include "kith/presence/documents.h"

#include <doctest/doctest.h>

#include "kith/presence/testing/envelope.h"

namespace kith::presence {
namespace {

sip::Message subscribe_with(std::string_view lines) {
  std::string text = "SUBSCRIBE sip:alice@example.com SIP/2.0\r\n";
  auto message = sip::Message::parse(text.append(lines).append("Content-Length: 0\r\n\r\n"));
  REQUIRE(message);
  return std::move(*message);
}

std::optional<Format> format_of(std::string_view accept) {
  const auto format = format_for(subscribe_with("Accept: " + std::string(accept) + "\r\n"));
  REQUIRE(format);
  return *format;
}

TEST_CASE("a watcher gets the document that it accepts, and Microsoft's before all others") {
  const auto real =
      sip::Message::parse(testing::captured(KITH_SOURCE_DIR, "client-SUBSCRIBE-presence"));
  REQUIRE(real);
  CHECK(format_for(*real) == Format::msrtc);
  for (const std::string_view accept : {"text/xml+msrtc.pidf", "TEXT/XML+MSRTC.PIDF;q=0.1",
                                        "application/pidf+xml, text/xml+msrtc.pidf",
                                        "application/xpidf+xml,*/*,text/xml+msrtc.pidf"})
    CHECK_MESSAGE(format_of(accept) == Format::msrtc, accept);
  for (const std::string_view accept :
       {"application/pidf+xml", "application/xpidf+xml, application/pidf+xml", "*/*",
        "application/*", "text/*, */*;q=0.1", "text/xml+msrtc.pidf;q=0.1, application/pidf+xml",
        "text/xml+msrtc.pidf;q=0, */*"})
    CHECK_MESSAGE(format_of(accept) == Format::pidf, accept);
  for (const std::string_view accept :
       {"", "text/plain", "text/*", "application/pidf+xml;q=0", "*/*, application/pidf+xml;q=0",
        "*/*;q=0", "application/*;q=0, */*"})
    CHECK_MESSAGE(format_of(accept) == std::nullopt, accept);
}

TEST_CASE("SIP-XPIDF-01: a client that knows nothing else gets XPIDF") {
  CHECK(format_of("application/xpidf+xml") == Format::xpidf);
  CHECK(format_of("application/xpidf+xml, application/pidf+xml;q=0.5") == Format::xpidf);
  CHECK(content_type_of(Format::xpidf) == "application/xpidf+xml");
}

TEST_CASE("who does not say what it accepts gets PIDF, and malformed is an error") {
  CHECK(format_for(subscribe_with("")) == Format::pidf);
  CHECK_FALSE(format_for(subscribe_with("Accept: pidf\r\n")));
  CHECK_FALSE(takes_lists(subscribe_with("Accept: pidf\r\n")));
}

TEST_CASE("SIP-BATCH-08: a batched subscription needs a watcher that reads all its parts") {
  const auto takes = [](std::string_view accept) {
    return takes_lists(subscribe_with("Accept: " + std::string(accept) + "\r\n"));
  };
  const auto real =
      sip::Message::parse(testing::captured(KITH_SOURCE_DIR, "client-SUBSCRIBE-adhoclist"));
  REQUIRE(real);
  CHECK(takes_lists(*real) == true);
  CHECK(takes("multipart/related, application/rlmi+xml, text/xml+msrtc.pidf") == true);
  CHECK(takes("multipart/related, application/rlmi+xml") == false);
  CHECK(takes("multipart/related, text/xml+msrtc.pidf") == false);
  CHECK(takes("application/rlmi+xml, text/xml+msrtc.pidf") == false);
  CHECK(takes("multipart/related;q=0, application/rlmi+xml, text/xml+msrtc.pidf") == false);
  CHECK(takes_lists(subscribe_with("")) == false);
}

TEST_CASE("a document is written once for all its watchers") {
  Documents documents({.uri = "sip:alice@example.com",
                       .state = {{300}, {400}},
                       .epid = "a1",
                       .directory = {},
                       .user_info = {},
                       .devices = {}},
                      Time{});
  for (const Format format : {Format::msrtc, Format::pidf, Format::xpidf}) {
    const Document& document = documents.in(format);
    CHECK(document.content_type == content_type_of(format));
    CHECK(document.body.contains("alice@example.com"));
    CHECK(documents.in(format).body.data() == document.body.data());
  }
  CHECK(documents.in(Format::msrtc).body.contains("aggregate=\"300\""));
  CHECK(documents.in(Format::pidf).body.contains("<basic>open</basic>"));
  CHECK(documents.in(Format::xpidf).body.contains("substatus=\"online\""));
  CHECK(documents.aggregate().epid == "a1");
}

}  // namespace
}  // namespace kith::presence
