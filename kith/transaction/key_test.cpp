#include "kith/transaction/key.h"

#include <doctest/doctest.h>

#include <string>

namespace kith::transaction {
namespace {

sip::Message message(std::string_view method, std::string_view via, std::string_view to_tag = {}) {
  sip::Message request = sip::Message::request(method, "sip:bob@example.com");
  request.add("Via", via);
  request.add("From", "<sip:alice@example.com>;tag=1;epid=46b45a2a3940");
  request.add("To", "<sip:bob@example.com>" + std::string{to_tag});
  request.add("Call-ID", "3848276298220188511");
  request.add("CSeq", "3 " + std::string{method});
  return request;
}

constexpr HashKey secret{};

Flow udp() { return {.id = 1, .transport = Transport::udp, .local = {}, .remote = {}}; }
sip::MandatoryHeaders headers_of(const sip::Message& request) {
  sip::MandatoryHeaders headers;
  REQUIRE_FALSE(sip::first_fault(request, headers));
  return headers;
}
Key key(const sip::Message& request) {
  return server_key(request, headers_of(request), udp(), secret);
}
Key cancelled(const sip::Message& cancel) {
  return cancelled_key(cancel, headers_of(cancel), udp(), secret);
}

constexpr std::string_view with_branch = "SIP/2.0/UDP pc.example.com;branch=z9hG4bK776";
constexpr std::string_view without = "SIP/2.0/UDP pc.example.com";

}  // namespace

TEST_CASE("RFC 3261 §17.2.3: branch, sent-by and method tell a transaction") {
  const Key invite = key(message("INVITE", with_branch));
  CHECK(key(message("ACK", with_branch, ";tag=2")) == invite);
  CHECK(key(message("CANCEL", with_branch)) != invite);
  CHECK(cancelled(message("CANCEL", with_branch)) == invite);
  CHECK(key(message("INVITE", "SIP/2.0/UDP PC.example.com;branch=z9hG4bK776")) == invite);
  CHECK(key(message("INVITE", "SIP/2.0/UDP pc.example.com;branch=Z9HG4bk776")) == invite);
  CHECK(key(message("INVITE", "SIP/2.0/UDP pc.example.com:5060;branch=z9hG4bK776")) != invite);
  CHECK(key(message("INVITE", "SIP/2.0/UDP pc.example.org;branch=z9hG4bK776")) != invite);
  CHECK(key(message("INVITE", "SIP/2.0/UDP pc.example.com;branch=z9hG4bK777")) != invite);
}

TEST_CASE(
    "RFC 3261 §17.2.3: a branch without the magic cookie, or with nothing else, tells nothing") {
  CHECK(has_magic_cookie("z9hG4bK7"));
  CHECK(has_magic_cookie("Z9hg4BK7"));
  CHECK_FALSE(has_magic_cookie("z9hG4bK"));
  CHECK_FALSE(has_magic_cookie("776"));
  CHECK_FALSE(has_magic_cookie(""));
}

TEST_CASE("RFC 3261 §17.1.3: branch and method tell a transaction of ours, as they were written") {
  const Key options = client_key("z9hG4bK01.a", "OPTIONS");
  CHECK(client_key("z9hG4bK01.a", "OPTIONS") == options);
  CHECK(client_key("z9hG4bK01.a", "OPTIONS").hash == options.hash);
  CHECK(client_key("z9hG4bK01.b", "OPTIONS") != options);
  CHECK(client_key("z9hG4bK01.A", "OPTIONS") != options);
  CHECK(client_key("z9hG4bK01.a", "CANCEL") != options);
  CHECK(client_key("", "") != options);
}

TEST_CASE("SIP-TRAN-04: an ACK without a branch has the To tag of the answer") {
  const Key invite = key(message("INVITE", without));
  CHECK(key(message("ACK", without, ";tag=2")) == acknowledged_key(invite, "2", secret));
  CHECK(key(message("ACK", without)) != acknowledged_key(invite, "2", secret));
  CHECK(key(message("ACK", without)) != invite);
  CHECK(cancelled(message("CANCEL", without)) == invite);
  const Key branched = key(message("INVITE", with_branch));
  CHECK(acknowledged_key(branched, "2", secret) == branched);
  CHECK(is_by_headers(invite));
  CHECK_FALSE(is_by_headers(branched));
}

}  // namespace kith::transaction
