#include <doctest/doctest.h>

#include "kith/auth/answers.h"
#include "kith/auth/authenticator.h"
#include "kith/auth/testing/answering.h"

using namespace kith;
using namespace kith::auth;
using namespace kith::auth::testing;

namespace {

constexpr Time start{1000h};
const Address source = Address::v4(192, 0, 2, 1, 5060);

class Bob final : public Accounts {
 public:
  std::optional<sip::Aor> account_of(std::string_view) const override { return std::nullopt; }
  std::optional<DigestAccount> digest_account(std::string_view username) const override {
    const std::string realm = Realm{}.digest_realm;
    const crypto::Secret password("zanzibar");
    if (username != R"(BILOXI\bob)") return std::nullopt;
    return DigestAccount{.aor = sip::Aor{"bob@biloxi.com"},
                         .md5 = digest_ha1(DigestAlgorithm::md5, username, realm, password),
                         .sha256 = digest_ha1(DigestAlgorithm::sha256, username, realm, password)};
  }
};

/// The server's own Authenticator and a client with verifiers for one algorithm.
struct Play {
  explicit Play(DigestAlgorithm algorithm, std::string_view password = "zanzibar") {
    Login& login = client.keyring.value;
    login.username = R"(BILOXI\bob)";
    login.ha1 = {{algorithm, digest_ha1(algorithm, login.username, realm.digest_realm,
                                        crypto::Secret(std::string(password)))}};
  }

  Realm realm{.fqdn = "lcs.example.com", .kerberos = false};
  Bob accounts;
  SeededRandom random{7};
  Authenticator server{realm, accounts, random};
  Client client;
  int challenges = 0;
  std::optional<Unanswered::Reason> gave_up{};

  /// A new request, as often as the client wants it; whether it passes in the end.
  bool passes(sip::Message next, Time now) {
    client.attempt = {};
    next = client.authorized(std::move(next));
    while (true) {
      const Verdict verdict = server.check(next, source, now);
      if (std::holds_alternative<Passed>(verdict)) return passed(next, now);
      sip::Message response = sip::Message::response(next, 401);
      std::get<Challenge>(verdict).write_to(response);
      ++challenges;
      auto answer = client.answer(next, response);
      if (!answer) {
        gave_up = answer.error().reason;
        return false;
      }
      next = std::move(answer->request);
    }
  }
  bool passed(const sip::Message& sent, Time now) {
    if (sent.method() != "INVITE") return true;
    sip::Message ack = request("ACK");
    repeat_credentials(sent, ack);
    return std::holds_alternative<Passed>(server.check(ack, source, now));
  }
};

}  // namespace

TEST_CASE("RFC 8760 §2: server and client agree in every algorithm that both have, with qop auth") {
  for (const DigestAlgorithm algorithm : {DigestAlgorithm::md5, DigestAlgorithm::sha256}) {
    CAPTURE(to_string(algorithm));
    Play play(algorithm);
    CHECK(play.passes(request("REGISTER"), start));
    CHECK(play.challenges == 1);
    // From here on nobody is asked, but when the nonce is too old.
    CHECK(play.passes(request("INVITE", "c2"), start + 1s));
    CHECK(play.passes(request("MESSAGE", "c3", "sip:alice@biloxi.com"), start + 1min));
    CHECK(play.challenges == 1);
    CHECK(play.passes(request("MESSAGE", "c4"), start + play.realm.nonce_lifetime));
    CHECK(play.challenges == 2);
    CHECK(play.client.keyring.asked == 1);
  }
}

TEST_CASE("RFC 3261 §22.1: the server refuses a wrong password once, and is not asked again") {
  for (const DigestAlgorithm algorithm : {DigestAlgorithm::md5, DigestAlgorithm::sha256}) {
    Play play(algorithm, "wrong");
    CHECK_FALSE(play.passes(request(), start));
    CHECK(play.gave_up == Unanswered::Reason::refused);
    CHECK(play.challenges == 2);
  }
}

TEST_CASE("RFC 8760 §2.4: a client with verifiers for SHA-512-256 alone has nothing to answer") {
  Play play(DigestAlgorithm::sha512_256);
  CHECK_FALSE(play.passes(request(), start));
  CHECK(play.gave_up == Unanswered::Reason::no_login);
}
