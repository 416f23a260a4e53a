#include "kith/ua/refusal.h"

#include <doctest/doctest.h>

#include <string>

namespace kith::ua {
namespace {

constexpr transaction::HashKey key{1, 2, 3};

constexpr std::string_view headers =
    "Via: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:alice@example.com>;tag=1\r\n"
    "To: <sip:alice@example.com>\r\nCall-ID: c1\r\nCSeq: 1 SERVICE\r\n";

std::optional<sip::Message> salvaged(std::string_view start, std::string_view rest = headers) {
  return salvage(std::string(start).append("\r\n").append(rest).append("\r\n"));
}

}  // namespace

TEST_CASE("of a request that cannot be read what an answer needs is saved") {
  const auto saved = salvaged("SERVICE sip:%zz SIP/2.0",
                              std::string(headers) + "Contact: \"\r\n folded\r\nX: y\r\n");
  REQUIRE(saved);
  CHECK(saved->method() == "SERVICE");
  CHECK(saved->text("Call-ID") == "c1");
  CHECK(saved->text("CSeq") == "1 SERVICE");
  CHECK_FALSE(saved->has("Contact"));
  CHECK_FALSE(saved->has("X"));
}

TEST_CASE("where nobody could be answered nothing is saved") {
  CHECK_FALSE(salvage(""));
  CHECK_FALSE(salvage("\r\n\r\n"));
  CHECK_FALSE(salvaged("GET / HTTP/1.1"));
  CHECK_FALSE(salvaged("SERVICE"));
  CHECK_FALSE(salvaged("SIP/2.0 200 OK"));
  CHECK_FALSE(salvaged("SERVICE sip:a SIP/2.0", "Call-ID: c1\r\nCSeq: 1 SERVICE\r\n"));
}

TEST_CASE("a reason phrase says what is wrong") {
  CHECK(reason_for({.fault = Fault::malformed, .where = "CSeq"}) == "Malformed CSeq");
  CHECK(reason_for({.fault = Fault::too_long, .where = "Via"}) == "Too long Via");
}

TEST_CASE("RFC 3261 §8.2.7: the same request gets the same To tag, another one another") {
  const sip::Message request = salvaged("SERVICE sip:a SIP/2.0").value();
  const sip::Message first = refusal(request, 400, "Malformed CSeq", key);
  CHECK(first.status() == 400);
  CHECK(first.reason() == "Malformed CSeq");
  CHECK(first.text("To").contains(";tag="));
  CHECK_FALSE(first.has("Retry-After"));
  CHECK(refusal(request, 400, "x", key).text("To") == first.text("To"));
  sip::Message other = request;
  other.set("CSeq", "2 SERVICE");
  CHECK(refusal(other, 400, "x", key).text("To") != first.text("To"));
  CHECK(refusal(request, 400, "x", transaction::HashKey{9}).text("To") != first.text("To"));
}

TEST_CASE("RFC 3261 §21.5.4: a 503 says when to try again, and a tag that is there stays") {
  sip::Message request = salvaged("SERVICE sip:a SIP/2.0").value();
  request.set_to_tag("theirs");
  const sip::Message busy = refusal(request, 503, "Service Unavailable", key);
  CHECK(busy.text("Retry-After") == "5");
  CHECK(busy.text("To") == "<sip:alice@example.com>;tag=theirs");
}

}  // namespace kith::ua
