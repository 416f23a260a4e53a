#include "kith/sip/message_build.h"

#include <doctest/doctest.h>

using namespace kith;
using namespace kith::sip;

namespace {

NewRequest message_to(std::string_view uri) {
  return {.method = "MESSAGE",
          .uri = *Uri::parse(uri),
          .from = {.display_name = "A", .uri = *Uri::parse("sip:a@example.com"), .params = {}},
          .via = {.transport = "TCP", .host = "client.example", .port = {}, .params = {}},
          .branch = "1f",
          .from_tag = "2f",
          .call_id = "3f"};
}

}  // namespace

TEST_CASE("RFC 3261 §8.1.1: a request is built with its six headers, those for proxies first") {
  NewRequest parts = message_to("sip:b@example.com");
  CHECK(build(parts).write() ==
        "MESSAGE sip:b@example.com SIP/2.0\r\nVia: SIP/2.0/TCP client.example;branch=z9hG4bK1f\r\n"
        "Max-Forwards: 70\r\nFrom: \"A\" <sip:a@example.com>;tag=2f\r\nTo: <sip:b@example.com>\r\n"
        "Call-ID: 3f\r\nCSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n");
  CHECK_FALSE(first_fault(build(parts)));

  parts.routes = {{.display_name = {}, .uri = *Uri::parse("sip:p;lr"), .params = {}},
                  {.display_name = {}, .uri = *Uri::parse("sip:q;lr"), .params = {}}};
  parts.contact = Contact{.uri = *Uri::parse("sip:a@client.example")};
  parts.to.uri = *Uri::parse("sip:other@example.com");
  parts.branch = "z9hG4bKown";
  parts.sequence = 7;
  parts.max_forwards = 3;
  CHECK(build(parts).write() ==
        "MESSAGE sip:b@example.com SIP/2.0\r\n"
        "Via: SIP/2.0/TCP client.example;branch=z9hG4bKown\r\nRoute: <sip:p;lr>\r\n"
        "Route: <sip:q;lr>\r\nMax-Forwards: 3\r\nFrom: \"A\" <sip:a@example.com>;tag=2f\r\n"
        "To: <sip:other@example.com>\r\nCall-ID: 3f\r\nCSeq: 7 MESSAGE\r\n"
        "Contact: <sip:a@client.example>\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("RFC 3261 §8.1.1.1: a To that is not given is the Request-URI, of any scheme") {
  CHECK(build(message_to("tel:+15550100")).text("To") == "<tel:+15550100>");
}
