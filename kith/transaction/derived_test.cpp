#include "kith/transaction/derived.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace kith::transaction {
namespace {

sip::Message invite() {
  sip::Message message = sip::Message::request("INVITE", "sip:bob@192.0.2.4");
  message.add("Via", "SIP/2.0/UDP pc.example.com;branch=z9hG4bK776");
  message.add("Via", "SIP/2.0/UDP other.example.com;branch=z9hG4bK1");
  message.add("Route", "<sip:p1.example.com;lr>");
  message.add("Route", "<sip:p2.example.com;lr>");
  message.add("From", "<sip:alice@example.com>;tag=1");
  message.add("To", "<sip:bob@example.com>");
  message.add("Call-ID", "a84b4c76e66710");
  message.add("CSeq", "314159 INVITE");
  message.add("Subject", "not repeated");
  return message;
}

sip::Message answer(int status) {
  sip::Message response = sip::Message::response(invite(), status);
  response.set_to_tag("a6c85cf");
  return response;
}

void check_same(const sip::Message& made, std::string_view method) {
  CHECK(made.method() == method);
  CHECK(made.request_uri() == "sip:bob@192.0.2.4");
  CHECK(made.text("Via") == "SIP/2.0/UDP pc.example.com;branch=z9hG4bK776");
  CHECK_FALSE(made.write().contains("other.example.com"));
  CHECK(made.write().contains(
      "Route: <sip:p1.example.com;lr>\r\nRoute: <sip:p2.example.com;lr>\r\n"));
  CHECK(made.text("From") == "<sip:alice@example.com>;tag=1");
  CHECK(made.text("Call-ID") == "a84b4c76e66710");
  CHECK(made.text("CSeq") == "314159 " + std::string(method));
  CHECK_FALSE(made.has("Subject"));
  CHECK(made.body().empty());
}

}  // namespace

TEST_CASE("RFC 3261 §17.1.1.3: the ACK is the INVITE's, with the To of the answer") {
  const auto ack = ack_for(invite(), answer(486));
  REQUIRE(ack);
  check_same(*ack, "ACK");
  CHECK(ack->text("To") == "<sip:bob@example.com>;tag=a6c85cf");
}

TEST_CASE("RFC 3261 §9.1: the CANCEL is the INVITE's, To included") {
  const auto cancel = cancel_for(invite());
  REQUIRE(cancel);
  check_same(*cancel, "CANCEL");
  CHECK(cancel->text("To") == "<sip:bob@example.com>");
}

TEST_CASE("neither is made of an INVITE that lacks what they repeat") {
  for (const char* name : {"Via", "From", "To", "Call-ID", "CSeq"}) {
    CAPTURE(name);
    sip::Message broken = invite();
    broken.remove(name);
    const auto cancel = cancel_for(broken);
    REQUIRE_FALSE(cancel);
    CHECK(cancel.error().where == name);
  }
  sip::Message no_to = answer(486);
  no_to.remove("To");
  CHECK_FALSE(ack_for(invite(), no_to));
}

}  // namespace kith::transaction
