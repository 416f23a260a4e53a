#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "kith/sip/message.h"

namespace kith::sip {
namespace {

std::string to_after(std::string_view to, std::string_view tag) {
  Message response = Message::request("OPTIONS", "sip:b@example.com");
  if (!to.empty()) response.add("To", to);
  response.set_to_tag(tag);
  return std::string{response.text("To")};
}

}  // namespace

TEST_CASE("RFC 3261 §8.2.6.2: a tag is put behind what the To has, or in the place of its tag") {
  CHECK(to_after("Bob <sip:b@example.com>", "9") == "Bob <sip:b@example.com>;tag=9");
  CHECK(to_after("<sip:b@example.com>;epid=1", "9") == "<sip:b@example.com>;epid=1;tag=9");
  CHECK(to_after("<sip:b@example.com>;tag=8;epid=1", "9") == "<sip:b@example.com>;tag=9;epid=1");
  CHECK(to_after("<sip:b@example.com>;", "9") == "<sip:b@example.com>;tag=9");
  CHECK(to_after("sip:b@example.com", "9") == "<sip:b@example.com>;tag=9");
  CHECK(to_after("<sip:b@example.com>", "a b") == "<sip:b@example.com>;tag=\"a b\"");
  CHECK(to_after("@", "9") == "@;tag=9");  // not understood: as it stands
  CHECK(to_after("", "9").empty());
}

TEST_CASE("a message that was changed is written line by line, whatever stood between its lines") {
  Message message = *Message::parse(
      "OPTIONS sip:b@example.com SIP/2.0\r\nTo:<sip:b@example.com>\r\nFrom: <sip:a@example.com>\r\n"
      "Call-ID:  1\r\nSubject: a\r\n b\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n");
  message.set("Call-ID", "2");
  message.remove("From");
  message.prepend("Via", "SIP/2.0/UDP a");
  CHECK(message.write() ==
        "OPTIONS sip:b@example.com SIP/2.0\r\nVia: SIP/2.0/UDP a\r\nTo: <sip:b@example.com>\r\n"
        "Call-ID: 2\r\nSubject: a b\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("docs/decisions/0014: a line end in a value that is put in becomes a blank") {
  Message message = Message::request("OPTIONS", "sip:b@example.com");
  message.add("Subject", "a\r\nVia: b");
  CHECK(message.write() ==
        "OPTIONS sip:b@example.com SIP/2.0\r\nSubject: a  Via: b\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("the first of several values is replaced, and the others stay") {
  Message message = Message::request("OPTIONS", "sip:b@example.com");
  message.add("Via", "SIP/2.0/UDP a;x=\"1,2\", SIP/2.0/UDP b");
  message.replace_first("Via", "SIP/2.0/UDP c");
  CHECK(message.text("Via") == "SIP/2.0/UDP c, SIP/2.0/UDP b");
  message.replace_first("Via", "");
  CHECK(message.text("Via") == "SIP/2.0/UDP b");
  message.replace_first("Via", "");
  CHECK_FALSE(message.has("Via"));
}

TEST_CASE("a message with many lines that are put in is as long as its lines") {
  std::string bytes{"OPTIONS sip:a@b SIP/2.0\r\n"};
  std::size_t vias = 0;
  for (; vias < 64; ++vias)
    bytes.append("Via: SIP/2.0/UDP host.example.com;branch=z9hG4bK")
        .append(100, 'x')
        .append("\r\n");
  const auto request = Message::parse(bytes.append("\r\n"));
  REQUIRE(request);
  const Message response = Message::response(*request, 200);
  CHECK(response.field_count() == vias);
}

}  // namespace kith::sip
