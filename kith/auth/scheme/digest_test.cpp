#include "kith/auth/scheme/digest.h"

#include <doctest/doctest.h>

#include "kith/auth/limits.h"

using namespace kith;
using namespace kith::auth;

namespace {

constexpr Time start{1000h};

class OneAccount final : public Accounts {
 public:
  explicit OneAccount(const std::string& realm) {
    const crypto::Secret password("swordfish");
    account_.aor = sip::Aor{"alice@example.com"};
    account_.md5 = digest_ha1(DigestAlgorithm::md5, username, realm, password);
    account_.sha256 = digest_ha1(DigestAlgorithm::sha256, username, realm, password);
  }
  std::optional<sip::Aor> account_of(std::string_view) const override { return {}; }
  std::optional<DigestAccount> digest_account(std::string_view name) const override {
    if (name != username) return std::nullopt;
    return account_;
  }

  static constexpr std::string_view username = R"(EXAMPLE\alice)";

 private:
  DigestAccount account_;
};

std::string nonce_in(const std::string& challenge) {
  const std::size_t at = challenge.find("nonce=\"") + 7;
  return challenge.substr(at, challenge.find('"', at) - at);
}

const Address source = Address::v4(192, 0, 2, 1, 5060);

struct World {
  Realm realm{.fqdn = "lcs.example.com"};
  OneAccount accounts{realm.digest_realm};
  SeededRandom random{1};
  Digest digest{realm, random};

  std::string nonce(Time now = start) {
    return nonce_in(digest.challenges(Stale::no, source, now, random).first);
  }

  /// Credentials with the right password unless `change` spoils them.
  template <class Change>
  std::variant<sip::Aor, DigestFailure> check(const std::string& nonce, std::string_view nc,
                                              Time now, Change change) {
    DigestCredentials credentials{.username = OneAccount::username,
                                  .realm = realm.digest_realm,
                                  .nonce = nonce,
                                  .uri = "sip:example.com",
                                  .response = {},
                                  .algorithm = "SHA-256",
                                  .qop = "auth",
                                  .nc = nc,
                                  .cnonce = "0a4f113b"};
    const std::string response =
        digest_response(DigestAlgorithm::sha256,
                        digest_ha1(DigestAlgorithm::sha256, OneAccount::username,
                                   realm.digest_realm, crypto::Secret("swordfish")),
                        {.method = "REGISTER",
                         .uri = credentials.uri,
                         .nonce = nonce,
                         .nc = nc,
                         .cnonce = "0a4f113b"});
    credentials.response = response;
    change(credentials);
    return digest.check(credentials, "REGISTER", "sip:example.com", accounts, source, now);
  }
  std::variant<sip::Aor, DigestFailure> check(const std::string& nonce, std::string_view nc,
                                              Time now = start) {
    return check(nonce, nc, now, [](DigestCredentials&) {});
  }
};

bool passed(const std::variant<sip::Aor, DigestFailure>& result) {
  return std::holds_alternative<sip::Aor>(result);
}

DigestFailure::Kind kind(const std::variant<sip::Aor, DigestFailure>& result) {
  return std::get<DigestFailure>(result).kind;
}

using Kind = DigestFailure::Kind;

}  // namespace

TEST_CASE("RFC 8760 §2.4: SHA-256 is offered before MD5, qop auth only") {
  World world;
  const auto [first, second] = world.digest.challenges(Stale::no, source, start, world.random);
  CHECK(first.find("Digest realm=\"SIP Communications Service\", nonce=\"") == 0);
  CHECK(first.ends_with(", algorithm=SHA-256, qop=\"auth\""));
  CHECK(second.ends_with(", algorithm=MD5, qop=\"auth\""));
  CHECK(world.digest.challenges(Stale::yes, source, start, world.random)
            .first.ends_with(", stale=true"));
  CHECK(world.nonce() != world.nonce());
}

TEST_CASE("RFC 7616 §3.4: the right password passes, whatever else must be right too") {
  World world;
  const std::string nonce = world.nonce();
  REQUIRE(passed(world.check(nonce, "00000001")));
  struct Row {
    const char* what;
    Kind kind;
    void (*spoil)(DigestCredentials&);
  };
  for (const Row& row : {
           Row{"user", Kind::wrong, [](DigestCredentials& c) { c.username = "mallory"; }},
           Row{"response", Kind::wrong, [](DigestCredentials& c) { c.response = "00"; }},
           Row{"no response", Kind::wrong, [](DigestCredentials& c) { c.response = ""; }},
           Row{"algorithm", Kind::wrong, [](DigestCredentials& c) { c.algorithm = "MD5"; }},
           Row{"no algorithm", Kind::wrong, [](DigestCredentials& c) { c.algorithm = ""; }},
           Row{"unknown algorithm", Kind::unusable,
               [](DigestCredentials& c) { c.algorithm = "MD5-sess"; }},
           Row{"an algorithm never offered", Kind::unusable,
               [](DigestCredentials& c) { c.algorithm = "SHA-512-256"; }},
           Row{"realm", Kind::unusable, [](DigestCredentials& c) { c.realm = "another"; }},
           Row{"realm's case", Kind::unusable,
               [](DigestCredentials& c) { c.realm = "sip communications service"; }},
           Row{"no qop", Kind::unusable, [](DigestCredentials& c) { c.qop = ""; }},
           Row{"auth-int", Kind::unusable, [](DigestCredentials& c) { c.qop = "auth-int"; }},
           Row{"nc", Kind::unusable, [](DigestCredentials& c) { c.nc = "1"; }},
           Row{"nc no hex", Kind::unusable, [](DigestCredentials& c) { c.nc = "0000000g"; }},
           Row{"cnonce", Kind::unusable, [](DigestCredentials& c) { c.cnonce = ""; }},
           Row{"uri", Kind::unusable, [](DigestCredentials& c) { c.uri = "sip:elsewhere"; }},
       }) {
    CAPTURE(row.what);
    const auto result = world.check(nonce, "00000002", start, row.spoil);
    REQUIRE_FALSE(passed(result));
    CHECK(kind(result) == row.kind);
  }
  CHECK(passed(world.check(nonce, "00000002")));  // none of them used the count up
}

TEST_CASE("text longer than digest_parameter_bytes_max is not hashed") {
  World world;
  const std::string nonce = world.nonce();
  const auto answer = [&](std::size_t size) {
    const std::string response(size, '0');
    return kind(world.check(nonce, "00000001", start,
                            [&](DigestCredentials& c) { c.response = response; }));
  };
  CHECK(answer(limits::digest_parameter_bytes_max) == Kind::wrong);
  CHECK(answer(limits::digest_parameter_bytes_max + 1) == Kind::unusable);
}

TEST_CASE("an unknown user and a wrong password are the same answer") {
  World world;
  const std::string nonce = world.nonce();
  const auto unknown =
      world.check(nonce, "00000001", start, [](DigestCredentials& c) { c.username = "nobody"; });
  const auto wrong =
      world.check(nonce, "00000001", start, [](DigestCredentials& c) { c.response = "12"; });
  CHECK(kind(unknown) == kind(wrong));
  CHECK(std::get<DigestFailure>(unknown).cause == std::get<DigestFailure>(wrong).cause);
}

TEST_CASE("RFC 7616 §3.4.5: a nonce count is good once") {
  World world;
  const std::string nonce = world.nonce();
  CHECK(passed(world.check(nonce, "00000001")));
  CHECK(kind(world.check(nonce, "00000001")) == Kind::stale);
  CHECK(passed(world.check(nonce, "00000003")));
  CHECK(passed(world.check(nonce, "00000002")));
  CHECK(kind(world.check(nonce, "00000003")) == Kind::stale);
  CHECK(kind(world.check(nonce, "00000000")) == Kind::stale);
  CHECK(passed(world.check(nonce, "0000ffff")));
  CHECK(kind(world.check(nonce, "00000004")) == Kind::stale);
}

TEST_CASE("RFC 7616 §3.3: a nonce that has expired or is not ours is stale, password or not") {
  World world;
  const std::string nonce = world.nonce();
  const Duration life = world.realm.nonce_lifetime;
  CHECK(passed(world.check(nonce, "00000001", start + life - 1ns)));
  CHECK(kind(world.check(nonce, "00000002", start + life)) == Kind::stale);
  CHECK(kind(world.check(nonce, "00000002", start - 1ns)) == Kind::stale);
  std::string forged = nonce;
  forged[3] = forged[3] == '0' ? '1' : '0';
  CHECK(kind(world.check(forged, "00000001")) == Kind::stale);
  CHECK(kind(world.check("short", "00000001")) == Kind::stale);
  World restarted;
  restarted.random.next();
  restarted.digest = Digest(restarted.realm, restarted.random);
  CHECK(kind(restarted.check(nonce, "00000001")) == Kind::stale);
  CHECK(kind(world.check(nonce, "00000002", start + life,
                         [](DigestCredentials& c) { c.response = "12"; })) == Kind::stale);
}

TEST_CASE(
    "RFC 7616 §3.4.6: uri is the Request-URI or equivalent to it, unless configured otherwise") {
  World world;
  const auto with_uri = [](World& in, std::string_view uri, DigestUri rule) {
    in.realm.digest_uri = rule;
    in.digest = Digest(in.realm, in.random);
    const std::string nonce = in.nonce();
    const std::string response = digest_response(
        DigestAlgorithm::md5, in.accounts.digest_account(OneAccount::username)->md5,
        {.method = "REGISTER", .uri = uri, .nonce = nonce, .nc = "00000001", .cnonce = "1"});
    return passed(in.digest.check({.username = OneAccount::username,
                                   .realm = in.realm.digest_realm,
                                   .nonce = nonce,
                                   .uri = uri,
                                   .response = response,
                                   .algorithm = {},
                                   .qop = "auth",
                                   .nc = "00000001",
                                   .cnonce = "1"},
                                  "REGISTER", "sip:example.com", in.accounts, source, start));
  };
  CHECK(with_uri(world, "sip:EXAMPLE.com", DigestUri::equivalent));
  CHECK_FALSE(with_uri(world, "sip:10.0.0.1", DigestUri::equivalent));
  CHECK_FALSE(with_uri(world, "sips:example.com", DigestUri::equivalent));
  CHECK(with_uri(world, "sip:10.0.0.1", DigestUri::any));
}

TEST_CASE("a nonce is for the address that it was sent to, and fails in no other's name") {
  World world;
  const std::string foreign = nonce_in(
      world.digest.challenges(Stale::no, Address::v4(192, 0, 2, 9, 5060), start, world.random)
          .first);
  CHECK(kind(world.check(foreign, "00000001")) == Kind::stale);
  const auto wrong = [](DigestCredentials& c) { c.response = "1"; };
  CHECK(kind(world.check(foreign, "00000001", start, wrong)) == Kind::stale);
  CHECK(kind(world.check(world.nonce(), "00000001", start, wrong)) == Kind::wrong);
}

TEST_CASE("a Windows login passes with its backslash escaped or not") {
  World world;
  const std::string nonce = world.nonce();
  CHECK(passed(world.check(nonce, "00000001", start,
                           [](DigestCredentials& c) { c.username = R"(EXAMPLE\\alice)"; })));
}

TEST_CASE("RFC 3261 §22.1: an ACK repeats the credentials of its INVITE") {
  World world;
  const std::string nonce = world.nonce();
  const auto sent = [&](std::string_view hashed_method, std::string_view method) {
    const std::string response = digest_response(
        DigestAlgorithm::md5, world.accounts.digest_account(OneAccount::username)->md5,
        {.method = hashed_method,
         .uri = "sip:b@c",
         .nonce = nonce,
         .nc = "00000001",
         .cnonce = "1"});
    return passed(world.digest.check({.username = OneAccount::username,
                                      .realm = world.realm.digest_realm,
                                      .nonce = nonce,
                                      .uri = "sip:b@c",
                                      .response = response,
                                      .algorithm = "md5",
                                      .qop = "auth",
                                      .nc = "00000001",
                                      .cnonce = "1"},
                                     method, "sip:b@c", world.accounts, source, start));
  };
  CHECK(sent("INVITE", "INVITE"));
  CHECK_FALSE(sent("INVITE", "INVITE"));
  CHECK(sent("INVITE", "ACK"));
  CHECK(sent("ACK", "ACK"));
  CHECK_FALSE(sent("INVITE", "BYE"));
}

TEST_CASE("only so many nonces are remembered; a forgotten one is stale, not new") {
  World world;
  const std::string first = world.nonce(start - 1s);
  CHECK(passed(world.check(first, "00000001")));
  for (std::size_t i = 0; i < limits::nonces_max; ++i)
    REQUIRE(passed(world.check(world.nonce(start), "00000001")));
  CHECK(world.digest.nonces() == limits::nonces_max);
  CHECK(kind(world.check(first, "00000002")) == Kind::stale);
}

TEST_CASE("asking for nonces and guessing passwords leaves nothing behind") {
  World world;
  for (int i = 0; i < 100; ++i)
    world.check(world.nonce(), "00000001", start, [](DigestCredentials& c) { c.response = "1"; });
  CHECK(world.digest.nonces() == 0);
  CHECK(passed(world.check(world.nonce(), "00000001")));
  CHECK(passed(world.check(world.nonce(start + 1h), "00000001", start + 1h)));
  CHECK(world.digest.nonces() == 1);  // the expired one is gone
}
