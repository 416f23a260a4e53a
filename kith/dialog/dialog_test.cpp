#include "kith/dialog/dialog.h"

#include <doctest/doctest.h>

#include <string>

using namespace kith;
using namespace kith::dialog;

namespace {

sip::Message message(std::string_view text) {
  std::string bytes;
  for (const char c : text) bytes.append(c == '\n' ? "\r\n" : std::string(1, c));
  Result<sip::Message> parsed = sip::Message::parse(bytes);
  REQUIRE(parsed);
  return *std::move(parsed);
}

sip::Message subscribe(std::string_view extra = {}) {
  std::string text =
      "SUBSCRIBE sip:walt@lab.example SIP/2.0\n"
      "Via: SIP/2.0/TCP 192.0.2.21:14010\n"
      "From: \"Walt\" <sip:walt@lab.example>;tag=51f0aa;epid=7f3a91c204\n"
      "To: <sip:walt@lab.example>\n"
      "Call-ID: c0ffee\n"
      "CSeq: 7 SUBSCRIBE\n"
      "Contact: <sip:walt@lab.example:14010;maddr=192.0.2.21;transport=tcp>;proxy=replace\n";
  text.append(extra).append("Content-Length: 0\n\n");
  return message(text);
}

}  // namespace

TEST_CASE("RFC 3261 §12.1.1: the answerer's half takes everything from the request") {
  Result<Dialog> dialog = Dialog::from_request(subscribe(), "3E90D7A4");
  REQUIRE(dialog);
  CHECK(dialog->call_id() == "c0ffee");
  CHECK(dialog->remote_tag() == "51f0aa");
  CHECK(dialog->remote_target() == "sip:walt@lab.example:14010;maddr=192.0.2.21;transport=tcp");
  CHECK(dialog->local_sequence() == 0);
}

TEST_CASE(
    "SIP-AUTH-17, SIP-AUTH-19, SIP-TRAN-09: our request goes to the maddr, its To has the epid") {
  Result<Dialog> dialog = Dialog::from_request(subscribe(), "3E90D7A4");
  REQUIRE(dialog);
  const sip::Message request = dialog->request("NOTIFY");
  CHECK(request.request_uri() == "sip:walt@lab.example:14010;maddr=192.0.2.21;transport=tcp");
  CHECK(request.text("From") == "<sip:walt@lab.example>;tag=3E90D7A4");
  CHECK(request.text("To") == "<sip:walt@lab.example>;tag=51f0aa;epid=7f3a91c204");
  CHECK(request.text("Call-ID") == "c0ffee");
  CHECK(request.text("CSeq") == "1 NOTIFY");
  CHECK(dialog->request("NOTIFY").text("CSeq") == "2 NOTIFY");
}

TEST_CASE("RFC 3261 §12.2.1.1: requests follow the route set") {
  Result<Dialog> loose = Dialog::from_request(
      subscribe("Record-Route: <sip:p1.example;lr>, <sip:p2.example;lr>\n"), "t");
  REQUIRE(loose);
  const sip::Message request = loose->request("NOTIFY");
  CHECK(request.request_uri() == loose->remote_target());
  CHECK(request.text("Route") == "<sip:p1.example;lr>");

  Result<Dialog> strict =
      Dialog::from_request(subscribe("Record-Route: <sip:p1.example>, <sip:p2.example;lr>\n"), "t");
  REQUIRE(strict);
  const sip::Message routed = strict->request("NOTIFY");
  CHECK(routed.request_uri() == "sip:p1.example");
  CHECK(routed.write().contains("Route: <" + strict->remote_target() + ">\r\n"));
  Result<Dialog> lrx = Dialog::from_request(subscribe("Record-Route: <sip:p1.example;lrx>\n"), "t");
  REQUIRE(lrx);
  CHECK(lrx->request("NOTIFY").request_uri() == "sip:p1.example;lrx");
}

TEST_CASE(
    "RFC 3261 §12.2.2: a request out of order is not accepted, the next one moves the target") {
  Result<Dialog> dialog = Dialog::from_request(subscribe(), "t");
  REQUIRE(dialog);
  CHECK_FALSE(dialog->accept(subscribe()));  // CSeq 7 again
  sip::Message next = subscribe();
  next.set("CSeq", "9 SUBSCRIBE");
  next.set("Contact", "<sip:walt@192.0.2.99>");
  CHECK(dialog->accept(next));
  CHECK(dialog->remote_target() == "sip:walt@192.0.2.99");
  next.set("CSeq", "8 SUBSCRIBE");
  CHECK_FALSE(dialog->accept(next));
}

TEST_CASE("RFC 3261 §12.2: a SERVICE counts, and its Contact moves nothing") {
  Result<Dialog> dialog = Dialog::from_request(subscribe(), "t");
  REQUIRE(dialog);
  const std::string before = dialog->remote_target();
  const sip::Message service = message(
      "SERVICE sip:walt@lab.example SIP/2.0\n"
      "Via: SIP/2.0/TCP 192.0.2.21:14010\n"
      "From: <sip:walt@lab.example>;tag=51f0aa;epid=7f3a91c204\n"
      "To: <sip:walt@lab.example>;tag=t\n"
      "Call-ID: c0ffee\n"
      "CSeq: 8 SERVICE\n"
      "Contact: <sip:walt@192.0.2.99>\n"
      "Content-Length: 0\n\n");
  CHECK(dialog->accept(service));
  CHECK(dialog->remote_target() == before);
  CHECK_FALSE(dialog->accept(service));
}

TEST_CASE(
    "RFC 3261 §12.1.2: the asker's half takes tag, target and the routes the other way round") {
  const sip::Message asked = subscribe();
  sip::Message response = sip::Message::response(asked, 200);
  response.set_to_tag("3E90D7A4");
  response.add("Contact", "<sip:lcs1.lab.example:5060;transport=tcp>");
  response.add("Record-Route", "<sip:p1.example;lr>, <sip:p2.example;lr>");
  Result<Dialog> dialog = Dialog::from_response(asked, response);
  REQUIRE(dialog);
  CHECK(dialog->local_sequence() == 7);
  const sip::Message request = dialog->request("SERVICE");
  CHECK(request.text("CSeq") == "8 SERVICE");
  CHECK(request.text("Route") == "<sip:p2.example;lr>");
  CHECK(request.text("From") == "<sip:walt@lab.example>;tag=51f0aa;epid=7f3a91c204");
}

TEST_CASE("a dialog needs what it stands on") {
  for (const std::string_view header : {"From", "Call-ID", "CSeq", "Contact"}) {
    sip::Message request = subscribe();
    request.remove(header);
    CAPTURE(header);
    CHECK_FALSE(Dialog::from_request(request, "t"));
  }
  sip::Message wildcard = subscribe();
  wildcard.set("Contact", "*");
  CHECK_FALSE(Dialog::from_request(wildcard, "t"));
  sip::Message response = sip::Message::response(subscribe(), 200);
  response.add("Contact", "<sip:lcs1.lab.example>");
  CHECK_FALSE(Dialog::from_response(subscribe(), response));  // no To tag
}

TEST_CASE("a request belongs to a dialog by Call-ID and both tags") {
  Result<Dialog> dialog = Dialog::from_request(subscribe(), "3E90D7A4");
  REQUIRE(dialog);
  sip::Message request = subscribe();
  CHECK_FALSE(dialog->matches_request(request));
  request.set_to_tag("3E90D7A4");
  CHECK(dialog->matches_request(request));
  request.set("Call-ID", "C0FFEE");
  CHECK_FALSE(dialog->matches_request(request));
}
