#include "kith/auth/client.h"

#include <doctest/doctest.h>

#include "kith/auth/parameters.h"
#include "kith/auth/testing/hmac_mechanism.h"
#include "kith/auth/testing/messages.h"
#include "kith/crypto/base64.h"

using namespace kith;
using namespace kith::auth;
using kith::auth::testing::message;

namespace {

constexpr Time start{1000h};
constexpr std::string_view kerberos_challenge =
    R"(Kerberos realm="SIP Communications Service", targetname="sip/lcs.example.com", version=4)";
constexpr std::string_view digest_sha256 =
    R"(Digest realm="r", nonce="n1", algorithm=SHA-256, qop="auth,auth-int")";
constexpr std::string_view digest_md5 = R"(Digest realm="r", nonce="n1", qop="auth")";

sip::Message request(std::string_view method = "REGISTER") {
  std::string text(method);
  text.append(
          " sip:example.com SIP/2.0\nFrom: <sip:alice@example.com>;tag=1;epid=01\n"
          "To: <sip:alice@example.com>\nCall-ID: c1\nCSeq: 1 ")
      .append(method)
      .append("\n");
  return message(text);
}

sip::Message challenge(std::initializer_list<std::string_view> values, int status = 401) {
  sip::Message answer = sip::Message::response(request(), status);
  for (const std::string_view value : values)
    answer.add(status == 407 ? "Proxy-Authenticate" : "WWW-Authenticate", value);
  return answer;
}

class NoTicket final : public Initiator {
 public:
  std::expected<Initiated, InitiateFailure> initiate(std::string_view) override {
    ++asked;
    return std::unexpected(InitiateFailure{.detail = "run kinit"});
  }
  int asked = 0;
};

struct Kerberos {
  SeededRandom random{5};
  testing::HmacInitiator initiator{"alice@EXAMPLE.COM", random};
  ClientAuthenticator client{{.username = {}, .password = {}, .kerberos = &initiator}};
  std::unique_ptr<Context> server;
  std::uint32_t snum = 0;

  void begin() {
    REQUIRE(client.challenged(request(), challenge({kerberos_challenge}), start) ==
            NextStep::repeat);
    sip::Message next = request();
    client.authorize(next, start, random);
    const Credentials sent = credentials(next);
    const auto token = crypto::base64_decode(*sent.values[0].params.find("gssapi-data"));
    server = std::move(testing::hmac_accept(*token, "sip/lcs.example.com")->context);
  }
  sip::Message signed_by_server(sip::Message text, std::uint32_t number,
                                std::string_view targetname = "sip/lcs.example.com",
                                SignatureVersion version = SignatureVersion::v4) {
    const std::string num = std::to_string(number);
    const std::string buffer = signature_buffer(version,
                                                {.scheme = "Kerberos",
                                                 .rand = "A0B1C2D3",
                                                 .num = num,
                                                 .realm = "SIP Communications Service",
                                                 .targetname = targetname},
                                                text);
    text.add("Authentication-Info",
             "Kerberos rspauth=\"" + upper_hex(server->mic(buffer)) + "\", srand=A0B1C2D3, snum=" +
                 num + ", opaque=\"5B0C77E1\", qop=\"auth\", targetname=\"" +
                 std::string(targetname) + "\", realm=\"SIP Communications Service\"");
    return text;
  }
  sip::Message ok(std::uint32_t number) {
    return signed_by_server(sip::Message::response(request(), 200), number);
  }
  ServerCheck::Kind check(const sip::Message& text, Time now = start) {
    return client.check(text, now).kind;
  }
};

using Kind = ServerCheck::Kind;

ClientAuthenticator digest_client(std::string_view password = "swordfish") {
  return ClientAuthenticator({.username = "alice",
                              .password = crypto::Secret(std::string(password)),
                              .kerberos = nullptr});
}

}  // namespace

TEST_CASE("SIP-AUTH-10: realm, targetname and opaque are echoed; then everything is signed") {
  Kerberos kerberos;
  kerberos.begin();
  CHECK_FALSE(kerberos.client.has_association(start));
  CHECK(kerberos.check(kerberos.ok(1)) == Kind::genuine);
  CHECK(kerberos.client.has_association(start));
  sip::Message next = request("SERVICE");
  kerberos.client.authorize(next, start, kerberos.random);
  const Credentials sent = credentials(next);
  CHECK(sent.values[0].params.find("opaque") == "5B0C77E1");
  CHECK(sent.values[0].params.find("targetname") == "sip/lcs.example.com");
  CHECK(sent.values[0].params.find("realm") == "SIP Communications Service");
  CHECK_FALSE(sent.values[0].params.has("gssapi-data"));
  const std::optional<Signature> signature =
      client_signature(sent.values[0].params);  // SIP-AUTH-27
  REQUIRE(signature);
  CHECK(signature->number == 2);
}

TEST_CASE("SIP-AUTH-27: a client's signature is in response of Authorization") {
  Kerberos kerberos;
  kerberos.begin();
  kerberos.check(kerberos.ok(1));
  sip::Message next = request("SERVICE");
  kerberos.client.authorize(next, start, kerberos.random);
  const Credentials sent = credentials(next);
  const Signature signature = client_signature(sent.values[0].params).value();
  const std::string buffer = signature_buffer(SignatureVersion::v4,
                                              {.scheme = "Kerberos",
                                               .rand = signature.rand,
                                               .num = signature.num,
                                               .realm = "SIP Communications Service",
                                               .targetname = "sip/lcs.example.com"},
                                              next);
  CHECK(kerberos.server->verify(buffer, signature.mic));
}

TEST_CASE("SIP-AUTH-03: both 401 and 407 are answered, each in its header") {
  Kerberos kerberos;
  REQUIRE(kerberos.client.challenged(request(), challenge({kerberos_challenge}, 407), start));
  sip::Message next = request();
  kerberos.client.authorize(next, start, kerberos.random);
  CHECK(next.has("Proxy-Authorization"));
  CHECK_FALSE(next.has("Authorization"));
}

TEST_CASE("SIP-AUTH-21: what the server signed with another version's algorithm is discarded") {
  Kerberos kerberos;
  kerberos.begin();
  const sip::Message plain = sip::Message::response(request(), 200);
  CHECK(kerberos.check(kerberos.signed_by_server(plain, 1, "sip/lcs.example.com",
                                                 SignatureVersion::v2)) == Kind::discard);
  CHECK(kerberos.check(kerberos.signed_by_server(plain, 1)) == Kind::genuine);
}

TEST_CASE("SIP-AUTH-33: the client follows snum for each association by itself") {
  Kerberos kerberos;
  kerberos.begin();
  CHECK(kerberos.check(kerberos.ok(1)) == Kind::genuine);
  CHECK(kerberos.check(kerberos.ok(1000)) == Kind::genuine);
  kerberos.client.reset();
  kerberos.begin();
  CHECK(kerberos.check(kerberos.ok(1)) == Kind::genuine);
}

TEST_CASE("SIP-AUTH-34: the client's window is 256 wide and begins at 1 to 256") {
  Kerberos kerberos;
  kerberos.begin();
  CHECK(kerberos.check(kerberos.ok(256)) == Kind::genuine);
  CHECK(kerberos.check(kerberos.ok(1)) == Kind::genuine);
  CHECK(kerberos.check(kerberos.ok(257)) == Kind::genuine);
  CHECK(kerberos.check(kerberos.ok(2)) == Kind::genuine);
  CHECK(kerberos.check(kerberos.ok(1)) == Kind::discard);
}

TEST_CASE("SIP-AUTH-35: a higher snum moves the client's window up to itself and is used") {
  Kerberos kerberos;
  kerberos.begin();
  CHECK(kerberos.check(kerberos.ok(400)) == Kind::genuine);
  CHECK(kerberos.check(kerberos.ok(400)) == Kind::discard);
  CHECK(kerberos.check(kerberos.ok(399)) == Kind::genuine);
  CHECK(kerberos.check(kerberos.ok(145)) == Kind::genuine);
}

TEST_CASE("SIP-AUTH-36: a snum that the client has seen is a replay; a forged one moves nothing") {
  Kerberos kerberos;
  kerberos.begin();
  CHECK(kerberos.check(kerberos.ok(1)) == Kind::genuine);
  CHECK(kerberos.check(kerberos.ok(1)) == Kind::discard);
  sip::Message forged = kerberos.ok(4'000'000'000);
  forged.set("Expires", "1");
  CHECK(kerberos.check(forged) == Kind::discard);
  CHECK(kerberos.check(kerberos.ok(2)) == Kind::genuine);
}

TEST_CASE("SIP-AUTH-37: a snum below the client's window is dropped, seen or not") {
  Kerberos kerberos;
  kerberos.begin();
  CHECK(kerberos.check(kerberos.ok(1)) == Kind::genuine);
  CHECK(kerberos.check(kerberos.ok(400)) == Kind::genuine);
  for (const std::uint32_t below : {1U, 2U, 144U}) {
    CAPTURE(below);
    CHECK(kerberos.check(kerberos.ok(below)) == Kind::discard);
  }
}

TEST_CASE("SIP-AUTH-45: a message signed for another target or realm is discarded") {
  Kerberos kerberos;
  kerberos.begin();
  kerberos.check(kerberos.ok(1));
  const sip::Message plain = sip::Message::response(request(), 200);
  CHECK(kerberos.check(kerberos.signed_by_server(plain, 2, "sip/evil")) == Kind::discard);
  kerberos.client.reset();
  CHECK(kerberos.check(kerberos.ok(3)) == Kind::discard);
}

TEST_CASE("SIP-AUTH-32: what must be signed and is not, or wrongly, is discarded") {
  Kerberos kerberos;
  kerberos.begin();
  CHECK(kerberos.check(sip::Message::response(request(), 200)) == Kind::discard);
  CHECK(kerberos.check(sip::Message::response(request(), 403)) == Kind::not_signed);
  kerberos.check(kerberos.ok(1));
  CHECK(kerberos.check(sip::Message::response(request(), 403)) == Kind::discard);
  CHECK(kerberos.check(sip::Message::response(request(), 100)) == Kind::not_signed);
  CHECK(kerberos.check(challenge({kerberos_challenge})) == Kind::not_signed);
  CHECK(kerberos.check(request("NOTIFY")) == Kind::discard);
  sip::Message changed = kerberos.ok(2);
  changed.set("Expires", "1");
  CHECK(kerberos.check(changed) == Kind::discard);
}

TEST_CASE("SIP-AUTH-46: an association ends five minutes before eight hours or the ticket") {
  Kerberos kerberos;
  kerberos.begin();
  kerberos.check(kerberos.ok(1));
  CHECK(kerberos.client.expires() == start + 8h - 5min);
  CHECK(kerberos.client.has_association(start + 8h - 5min - 1ns));
  CHECK_FALSE(kerberos.client.has_association(start + 8h - 5min));
  sip::Message next = request();
  kerberos.client.authorize(next, start + 8h, kerberos.random);
  CHECK_FALSE(next.has("Authorization"));  // SIP-AUTH-07
  SeededRandom random(1);
  testing::HmacInitiator brief("alice@EXAMPLE.COM", random, start + 1h);
  ClientAuthenticator client({.username = {}, .password = {}, .kerberos = &brief});
  REQUIRE(client.challenged(request(), challenge({kerberos_challenge}), start));
  CHECK(client.expires() == start + 55min);
}

TEST_CASE("a refused ticket is not sent again, a lost association is made anew") {
  Kerberos kerberos;
  kerberos.begin();
  sip::Message sent = request();
  kerberos.client.authorize(sent, start, kerberos.random);
  const auto refused = kerberos.client.challenged(sent, challenge({kerberos_challenge}), start);
  REQUIRE_FALSE(refused);
  CHECK(refused.error() == "the server refused the Kerberos ticket");
  kerberos.client.reset();
  kerberos.begin();
  kerberos.check(kerberos.ok(1));
  sip::Message service = request("SERVICE");
  kerberos.client.authorize(service, start, kerberos.random);
  CHECK(kerberos.client.challenged(service, challenge({kerberos_challenge}), start) ==
        NextStep::sign_in_again);
  CHECK_FALSE(kerberos.client.has_association(start));
}

TEST_CASE("a token that was answered 503 is not sent again: the server would call it a replay") {
  Kerberos kerberos;
  const auto sent = [&kerberos](std::string_view method = "REGISTER") {
    sip::Message next = request(method);
    kerberos.client.authorize(next, start, kerberos.random);
    return std::string(next.text("Authorization"));
  };
  const auto token = [&sent] {
    const std::string value = sent();
    const std::size_t at = value.find("gssapi-data=");
    return at == std::string::npos ? std::string()
                                   : value.substr(at, value.find('"', at + 13) - at);
  };
  kerberos.begin();
  const std::string first = token();
  REQUIRE_FALSE(first.empty());
  // What says nothing about the token leaves it.
  CHECK(kerberos.check(sip::Message::response(request("SUBSCRIBE"), 503)) == Kind::not_signed);
  CHECK(kerberos.check(sip::Message::response(request(), 100)) == Kind::not_signed);
  CHECK(kerberos.check(sip::Message::response(request(), 200)) == Kind::discard);
  CHECK(token() == first);
  CHECK(kerberos.check(sip::Message::response(request(), 503)) == Kind::not_signed);
  CHECK(sent().empty());
  kerberos.begin();
  CHECK_FALSE(token().empty());
  CHECK(token() != first);
}

TEST_CASE("without a ticket the client goes on with Digest, or says what is missing") {
  NoTicket none;
  ClientAuthenticator only({.username = {}, .password = {}, .kerberos = &none});
  CHECK(only.challenged(request(), challenge({kerberos_challenge}), start).error() ==
        "Kerberos: run kinit");
  ClientAuthenticator both(
      {.username = "alice", .password = crypto::Secret("x"), .kerberos = &none});
  CHECK(both.challenged(request(), challenge({kerberos_challenge, digest_md5}), start));
  CHECK(both.challenged(request(), challenge({kerberos_challenge, digest_md5}), start));
  CHECK(none.asked == 2);
}

TEST_CASE("RFC 8760 §2.4: the first Digest challenge that can be answered is") {
  SeededRandom random(1);
  ClientAuthenticator client = digest_client();
  REQUIRE(client.challenged(
      request(),
      challenge({R"(Digest realm="r", nonce="n0", algorithm=SHA-512-224, qop="auth")",
                 R"(Digest realm="r", nonce="n0", algorithm=MD5, qop="auth-int")", digest_sha256,
                 digest_md5}),
      start));
  sip::Message next = request();
  client.authorize(next, start, random);
  const Credentials sent = credentials(next);
  CHECK(sent.values[0].params.find("algorithm") == "SHA-256");
  CHECK(sent.values[0].params.find("nc") == "00000001");
  CHECK(sent.values[0].params.find("uri") == "sip:example.com");
  client.authorize(next, start, random);
  CHECK(credentials(next).count == 1);
  CHECK(credentials(next).values[0].params.find("nc") == "00000002");
  CHECK_FALSE(digest_client().challenged(
      request(), challenge({R"(Digest realm="r", nonce="n")", R"(Basic realm="r")"}), start));
}

TEST_CASE("RFC 7616 §3.3: a stale nonce is answered anew, a refusal is not, and nothing for ever") {
  SeededRandom random(1);
  ClientAuthenticator client = digest_client();
  REQUIRE(client.challenged(request(), challenge({digest_md5}), start));
  sip::Message sent = request();
  client.authorize(sent, start, random);
  const auto refused = client.challenged(sent, challenge({digest_md5}), start);
  REQUIRE_FALSE(refused);
  CHECK(refused.error() == "the server refused the user name or the password");
  int rounds = 0;
  const auto stale = challenge({R"(Digest realm="r", nonce="n2", qop="auth", stale=TRUE)"});
  while (rounds < 100 && client.challenged(sent, stale, start)) {
    ++rounds;
    client.authorize(sent, start, random);
  }
  CHECK(rounds == 3);
  CHECK(client.check(sip::Message::response(request(), 200), start).acceptable());
  CHECK(client.challenged(sent, stale, start));
}
