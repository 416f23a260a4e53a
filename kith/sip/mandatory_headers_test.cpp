#include "kith/sip/mandatory_headers.h"

#include <doctest/doctest.h>

#include <string>

namespace kith::sip {
namespace {

Message request(std::string_view cseq = "3 OPTIONS") {
  Message request = Message::request("OPTIONS", "sip:bob@example.com");
  request.add("Via", "SIP/2.0/UDP pc.example.com:5062;branch=z9hG4bK776, SIP/2.0/UDP next");
  request.add("From", "Alice <sip:alice@example.com>;tag=1;epid=2");
  request.add("To", "<sip:bob@example.com>;tag=4");
  request.add("Call-ID", "a84b4c76e66710");
  request.add("CSeq", cseq);
  return request;
}

}  // namespace

TEST_CASE("RFC 3261 §8.1.1: what checks the mandatory headers hands out what it has read") {
  const Message message = request();
  MandatoryHeaders headers;
  REQUIRE_FALSE(first_fault(message, headers));
  CHECK(headers.via.host == "pc.example.com");
  CHECK(headers.via.port == 5062);
  CHECK(headers.via.branch() == "z9hG4bK776");
  CHECK(headers.from.epid() == "2");
  CHECK(headers.to.tag() == "4");
  CHECK(headers.call_id.value == "a84b4c76e66710");
  CHECK(headers.cseq.sequence == 3);
  CHECK(headers.cseq.method == "OPTIONS");
}

TEST_CASE("RFC 3261 §8.1.1: the first mandatory header that is missing or wrong is named") {
  MandatoryHeaders headers;
  CHECK(first_fault(request("3 INVITE"), headers)->where == "CSeq");
  CHECK(first_fault(request("x"), headers)->where == "CSeq");
  for (const std::string_view name : {"Via", "From", "To", "Call-ID", "CSeq"}) {
    Message message = request();
    message.remove(name);
    CHECK(first_fault(message, headers) == Error{Fault::missing, name});
  }
}

}  // namespace kith::sip
