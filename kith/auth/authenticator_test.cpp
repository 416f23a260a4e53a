#include "kith/auth/authenticator.h"

#include <doctest/doctest.h>

#include "kith/auth/client.h"
#include "kith/auth/limits.h"
#include "kith/auth/testing/hmac_mechanism.h"
#include "kith/auth/testing/messages.h"
#include "kith/crypto/base64.h"

using namespace kith;
using namespace kith::auth;
using kith::auth::testing::message;

namespace {

constexpr Time start{1000h};
constexpr std::string_view targetname = "sip/lcs.example.com";
const Address source = Address::v4(192, 0, 2, 1, 5060);
const SaRef alice{.aor = sip::Aor{"alice@example.com"}, .epid = "46b45a2a3940"};

class TwoAccounts final : public Accounts {
 public:
  std::optional<sip::Aor> account_of(std::string_view principal) const override {
    if (principal == "alice@EXAMPLE.COM") return sip::Aor{"alice@example.com"};
    if (principal == "bob@EXAMPLE.COM") return sip::Aor{"bob@example.com"};
    return std::nullopt;
  }
  std::optional<DigestAccount> digest_account(std::string_view username) const override {
    if (username != "alice" && username != "bob") return std::nullopt;
    const crypto::Secret password("swordfish");
    const std::string realm = Realm{}.digest_realm;
    return DigestAccount{.aor = sip::Aor{std::string(username) + "@example.com"},
                         .md5 = digest_ha1(DigestAlgorithm::md5, username, realm, password),
                         .sha256 = digest_ha1(DigestAlgorithm::sha256, username, realm, password)};
  }
};

Realm realm_of(SignatureVersion version) { return {.fqdn = "lcs.example.com", .version = version}; }

/// A server and one client of it, with what they say passed between them.
struct World {
  explicit World(SignatureVersion version = SignatureVersion::v4,
                 std::string principal = "alice@EXAMPLE.COM")
      : server(realm_of(version), accounts, random), kerberos(std::move(principal), random) {}

  TwoAccounts accounts;
  SeededRandom random{7};
  Authenticator server;
  testing::HmacInitiator kerberos;
  ClientAuthenticator client{{.username = {}, .password = {}, .kerberos = &kerberos}};

  static sip::Message request(std::string_view method = "REGISTER",
                              std::string_view from = "sip:alice@example.com",
                              std::string_view epid = "46b45a2a3940") {
    std::string text(method);
    text.append(" sip:example.com SIP/2.0\nVia: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK1\nFrom: <");
    text.append(from).append(">;tag=1;epid=").append(epid);
    text.append("\nTo: <sip:alice@example.com>\nCall-ID: c1\nCSeq: 1 ").append(method).append("\n");
    return message(text);
  }

  Verdict check(const sip::Message& request, Time now = start) {
    return server.check(request, source, now);
  }
  /// The challenge of an unsigned REGISTER taken by the client, and the REGISTER with its token.
  sip::Message token_request() {
    sip::Message first = request();
    const Verdict verdict = check(first);
    sip::Message answer = sip::Message::response(first, 401);
    std::get<Challenge>(verdict).write_to(answer);
    REQUIRE(client.challenged(first, answer, start) == NextStep::repeat);
    sip::Message second = request();
    client.authorize(second, start, random);
    return second;
  }
  Verdict accept(Time now = start) {
    const std::optional<AcceptJob> job = server.poll();
    REQUIRE(job.has_value());
    return server.accepted(job->id, testing::hmac_accept(job->token, targetname), now);
  }
  /// The whole sign-in; the server's 200 is checked by the client.
  Verdict sign_in() {
    const sip::Message second = token_request();
    REQUIRE(std::holds_alternative<Pending>(check(second)));
    Verdict verdict = accept();
    if (std::holds_alternative<Passed>(verdict)) {
      sip::Message ok = sip::Message::response(second, 200);
      CHECK(server.sign(alice, ok, start));
      CHECK(client.check(ok, start).kind == ServerCheck::Kind::genuine);
    }
    return verdict;
  }
  sip::Message signed_request(std::string_view method = "SERVICE") {
    sip::Message next = request(method);
    client.authorize(next, start, random);
    return next;
  }
};

template <class T>
bool is(const Verdict& verdict) {
  return std::holds_alternative<T>(verdict);
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

/// The same request with another Authorization.
sip::Message with_credentials(const sip::Message& request, std::string_view what,
                              std::string_view with) {
  sip::Message changed = request;
  changed.set("Authorization", replaced(std::string(request.text("Authorization")), what, with));
  return changed;
}

}  // namespace

TEST_CASE("SIP-AUTH-01: a request without credentials is not accepted") {
  World world;
  for (const char* method : {"REGISTER", "SERVICE", "SUBSCRIBE", "MESSAGE", "OPTIONS"})
    CHECK(is<Challenge>(world.check(World::request(method))));
}

TEST_CASE("SIP-AUTH-02, SIP-AUTH-04, SIP-AUTH-05, SIP-AUTH-12, SIP-AUTH-41: the challenges") {
  World world;
  sip::Message answer = sip::Message::response(World::request(), 401);
  std::get<Challenge>(world.check(World::request())).write_to(answer);
  const Challenges all = Challenges::of(answer);
  REQUIRE(all.values.size() == 3);
  CHECK(answer.text("WWW-Authenticate") ==
        "Kerberos realm=\"SIP Communications Service\", targetname=\"sip/lcs.example.com\", "
        "version=4");
  CHECK(all.values[1].scheme == "Digest");
  CHECK(sip::AuthParamsView(all.values[1].params).find("algorithm") == "SHA-256");
  CHECK(sip::AuthParamsView(all.values[2].params).find("algorithm") == "MD5");
  CHECK(answer.text("Date") == "Wed, 11 Feb 1970 16:00:00 GMT");
}

TEST_CASE("SIP-AUTH-47: version 2 is offered by saying nothing") {
  World world(SignatureVersion::v2);
  CHECK(std::get<Challenge>(world.check(World::request()))
            .values[0]
            .ends_with("targetname=\"sip/lcs.example.com\""));
}

TEST_CASE("SIP-AUTH-11, SIP-AUTH-52: one token signs in, in each version") {
  for (const auto version : {SignatureVersion::v2, SignatureVersion::v3, SignatureVersion::v4}) {
    World world(version);
    const Verdict verdict = world.sign_in();
    REQUIRE(is<Passed>(verdict));
    CHECK(std::get<Passed>(verdict).who == alice.aor);
    CHECK(std::get<Passed>(verdict).association == alice);
    CHECK(is<Passed>(world.check(world.signed_request())));
  }
}

TEST_CASE("SIP-AUTH-21: both sides sign with the algorithm of the version that was offered") {
  for (const SignatureVersion version :
       {SignatureVersion::v2, SignatureVersion::v3, SignatureVersion::v4}) {
    CAPTURE(static_cast<int>(version));
    World world(version);
    REQUIRE(is<Passed>(world.sign_in()));
    CHECK(is<Passed>(world.check(world.signed_request())));
    sip::Message notify = World::request("NOTIFY");
    REQUIRE(world.server.sign(alice, notify, start));
    CHECK(world.client.check(notify, start).kind == ServerCheck::Kind::genuine);
    // To is signed in versions 3 and 4 only.
    sip::Message elsewhere = world.signed_request();
    elsewhere.set("To", "<sip:bob@example.com>");
    CHECK(is<Passed>(world.check(elsewhere)) == (version == SignatureVersion::v2));
  }
}

TEST_CASE("SIP-AUTH-49: in version 4 the message with the token is signed, and verified") {
  World world;
  const sip::Message good = world.token_request();
  CHECK(good.text("Authorization").find("cnum=\"1\"") != std::string_view::npos);
  sip::Message changed = good;
  changed.set("Expires", "0");
  REQUIRE(is<Pending>(world.check(changed)));
  CHECK(is<Drop>(world.accept()));
  REQUIRE(is<Pending>(world.check(with_credentials(good, "crand", "xrand"))));
  CHECK(is<Challenge>(world.accept()));
  CHECK(world.server.associations().size() == 0);
}

TEST_CASE("SIP-AUTH-32: a wrong signature of a known association is dropped in silence") {
  World world;
  world.sign_in();
  sip::Message forged = world.signed_request();
  forged.set("Expires", "0");
  CHECK(is<Drop>(world.check(forged)));
  CHECK(is<Drop>(
      world.check(with_credentials(world.signed_request(), "response=\"", "response=\"00"))));
  CHECK(is<Drop>(world.check(with_credentials(world.signed_request(), "cnum=\"", "cnum=\"9"))));
  CHECK(is<Passed>(world.check(world.signed_request())));
}

TEST_CASE("SIP-AUTH-36, SIP-AUTH-57: a repeated cnum is a replay; a forged one moves no window") {
  World world;
  world.sign_in();
  const sip::Message once = world.signed_request();
  const sip::Message later = world.signed_request();
  CHECK(is<Drop>(world.check(with_credentials(later, "cnum=\"3\"", "cnum=\"4000000000\""))));
  CHECK(is<Passed>(world.check(later)));
  CHECK(is<Passed>(world.check(once)));
  CHECK(is<Drop>(world.check(once)));
}

TEST_CASE("SIP-AUTH-39: no association, another opaque, realm or target: a challenge") {
  World world;
  world.sign_in();
  const sip::Message good = world.signed_request();
  CHECK(is<Challenge>(world.check(with_credentials(good, "opaque=\"", "opaque=\"0"))));
  CHECK(is<Challenge>(world.check(with_credentials(good, "sip/lcs", "sip/xcs"))));
  CHECK(is<Challenge>(world.check(with_credentials(good, "Kerberos", "NTLM"))));
  CHECK(is<Challenge>(world.check(good, start + 9h)));
  World restarted;
  CHECK(is<Challenge>(restarted.check(good)));
  CHECK(is<Passed>(world.check(good)));
}

TEST_CASE("SIP-AUTH-13, SIP-AUTH-14: the realm is case-sensitive, qop is auth only") {
  World world;
  world.sign_in();
  const sip::Message good = world.signed_request();
  CHECK(is<Challenge>(world.check(with_credentials(good, "SIP Comm", "sip comm"))));
  CHECK(is<Challenge>(world.check(with_credentials(good, "qop=\"auth\"", "qop=\"auth-int\""))));
}

TEST_CASE("SIP-AUTH-15, SIP-AUTH-60: names in any case, any order, quoted or not") {
  World world;
  world.sign_in();
  const auto bare = [&](std::string_view name) {
    sip::Message next = world.signed_request();
    std::string value(next.text("Authorization"));
    const std::size_t at = value.find(std::string(name) + "=\"");
    value.erase(value.find('"', at + name.size() + 2), 1).erase(at + name.size() + 1, 1);
    std::string upper = std::string(name) + "=";
    for (char& c : upper)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    next.set("Authorization", replaced(value, std::string(name) + "=", upper));
    return next;
  };
  for (const char* name : {"crand", "cnum", "response", "opaque", "qop"}) {
    CAPTURE(name);
    CHECK(is<Passed>(world.check(bare(name))));
  }
}

TEST_CASE("SIP-AUTH-30, SIP-AUTH-31: crand is 8 hexadecimal digits, cnum 32 bits from 1") {
  World world;
  world.sign_in();
  const sip::Message good = world.signed_request();
  const std::string value(good.text("Authorization"));
  const std::string crand = value.substr(value.find("crand=\"") + 7, 8);
  for (const auto& [what, with] : std::initializer_list<std::pair<std::string, std::string>>{
           {crand, crand.substr(1)},
           {crand, "0000000g"},
           {"cnum=\"2\"", "cnum=\"0\""},
           {"cnum=\"2\"", "cnum=\"4294967296\""},
           {"cnum=\"2\"", "cnum=\"-1\""}}) {
    CAPTURE(with);
    CHECK(is<Drop>(world.check(with_credentials(good, what, with))));
  }
  CHECK(is<Passed>(world.check(good)));
}

TEST_CASE("SIP-AUTH-40: an ACK or a CANCEL without valid credentials is discarded") {
  World world;
  for (const char* method : {"ACK", "CANCEL"}) {
    CHECK(is<Drop>(world.check(World::request(method))));
    sip::Message with_token = world.token_request();
    sip::Message ack = World::request(method);
    ack.set("Authorization", with_token.text("Authorization"));
    CHECK(is<Drop>(world.check(ack)));
  }
  CHECK(world.server.handshakes() == 0);
  world.sign_in();
  CHECK(is<Passed>(world.check(world.signed_request("ACK"))));
}

TEST_CASE("SIP-AUTH-53: Proxy-Authorization is as good as Authorization") {
  World world;
  world.sign_in();
  sip::Message next = world.signed_request();
  const std::string value(next.text("Authorization"));
  next.remove("Authorization");
  next.add("Proxy-Authorization", value);
  CHECK(is<Passed>(world.check(next)));
}

TEST_CASE("SIP-AUTH-16, SIP-AUTH-43: credentials of a device that cannot be told are refused") {
  World world;
  const sip::Message good = world.token_request();
  for (const char* epid : {"nothex", "01234567890123456"}) {
    sip::Message bad = World::request("REGISTER", "sip:alice@example.com", epid);
    bad.set("Authorization", good.text("Authorization"));
    CHECK(std::get<Refuse>(world.check(bad)).status == 400);
  }
  sip::Message other = good;
  other.add("Contact",
            "<sip:1.2.3.4>;+sip.instance=\"<urn:uuid:bb1eb26d-ee02-586b-812f-d8141a5844bc>\"");
  CHECK(std::get<Refuse>(world.check(other)).status == 400);
}

TEST_CASE("SIP-AUTH-56: the account must own the From URI, else 403") {
  for (const char* principal : {"bob@EXAMPLE.COM", "nobody@EXAMPLE.COM"}) {
    World world(SignatureVersion::v4, principal);
    const Verdict verdict = world.sign_in();
    REQUIRE(is<Refuse>(verdict));
    CHECK(std::get<Refuse>(verdict).status == 403);
    CHECK(std::get<Refuse>(verdict).text == "From Is Not Your Address");
    CHECK(world.server.associations().size() == 0);
  }
}

TEST_CASE(
    "SIP-AUTH-18, SIP-AUTH-20, SIP-AUTH-28, SIP-AUTH-54, SIP-AUTH-55: what the server signs") {
  World world;
  world.sign_in();
  sip::Message notify = World::request("NOTIFY", "sip:alice@example.com", "46b45a2a3940");
  REQUIRE(world.server.sign(alice, notify, start));
  const std::string value(notify.text("Authentication-Info"));
  CHECK(value.starts_with("Kerberos rspauth=\""));
  CHECK(value.find("snum=\"2\"") != std::string::npos);
  CHECK(
      value.ends_with("targetname=\"sip/lcs.example.com\", realm=\"SIP Communications Service\""));
  sip::Message changed = notify;
  changed.set("Expires", "1");
  CHECK_FALSE(world.client.check(changed, start).acceptable());
  CHECK(world.client.check(notify, start).kind == ServerCheck::Kind::genuine);
  sip::Message ok = sip::Message::response(World::request("SERVICE"), 200);
  REQUIRE(world.server.sign(alice, ok, start));
  CHECK(ok.text("Authentication-Info").find("snum=\"3\"") != std::string_view::npos);
  const SaRef stranger{.aor = sip::Aor{"alice@example.com"}, .epid = "02"};
  CHECK_FALSE(world.server.sign(stranger, ok, start));
  CHECK_FALSE(world.server.sign(alice, ok, start + 9h));
}

TEST_CASE("a failing mechanism says why in the log, and the client gets fresh challenges") {
  using Kind = AcceptFailure::Kind;
  for (const Kind kind : {Kind::bad_token, Kind::wrong_principal, Kind::no_keytab, Kind::wrong_key,
                          Kind::clock_skew, Kind::replay}) {
    World world;
    REQUIRE(is<Pending>(world.check(world.token_request())));
    const Verdict verdict =
        world.server.accepted(world.server.poll()->id,
                              std::unexpected(AcceptFailure{.kind = kind, .detail = "why"}), start);
    REQUIRE(is<Challenge>(verdict));
    CHECK(std::get<Challenge>(verdict).cause ==
          "Kerberos: " + std::string(to_string(kind)) + ": why");
    CHECK(std::get<Challenge>(verdict).values.size() == 3);
  }
  World world;
  REQUIRE(is<Pending>(world.check(world.token_request())));
  const Verdict verdict = world.server.accepted(
      world.server.poll()->id,
      std::unexpected(AcceptFailure{.kind = Kind::unavailable, .detail = {}}), start);
  CHECK(std::get<Refuse>(verdict).status == 503);
}

TEST_CASE("handshakes are bounded by source and in time; a late answer is refused") {
  World world;
  const sip::Message good = world.token_request();
  for (std::size_t i = 0; i < limits::handshakes_per_source_max; ++i)
    REQUIRE(is<Pending>(world.check(good)));
  CHECK(std::get<Refuse>(world.check(good)).status == 503);
  CHECK(is<Pending>(world.server.check(good, Address::v4(192, 0, 2, 2, 1), start)));
  CHECK(world.server.next_deadline() == start + limits::handshake_lifetime);
  world.server.tick(start + limits::handshake_lifetime);
  CHECK(world.server.handshakes() == 0);
  CHECK(std::get<Refuse>(world.accept(start + limits::handshake_lifetime)).status == 503);
}

TEST_CASE("handshakes are bounded in all: handshakes_max") {
  World world;
  const sip::Message good = world.token_request();
  const auto from = [&](std::size_t number) {
    const auto host = static_cast<std::uint16_t>(number / limits::handshakes_per_source_max);
    return world.server.check(good,
                              Address::v4(10, 0, static_cast<std::uint8_t>(host >> 8U),
                                          static_cast<std::uint8_t>(host & 255U), 5060),
                              start);
  };
  for (std::size_t i = 0; i < limits::handshakes_max; ++i) REQUIRE(is<Pending>(from(i)));
  CHECK(std::get<Refuse>(from(limits::handshakes_max)).status == 503);
  CHECK(world.server.handshakes() == limits::handshakes_max);
  world.server.tick(start + limits::handshake_lifetime);
  CHECK(world.server.handshakes() == 0);
}

TEST_CASE("a user who is removed loses associations and handshakes under way") {
  World world;
  world.sign_in();
  const sip::Message signed_before = world.signed_request();
  World other;
  REQUIRE(is<Pending>(other.check(other.token_request())));
  other.server.forget(alice.aor);
  CHECK(is<Refuse>(other.accept()));
  CHECK(world.server.forget(alice.aor) == std::vector{alice});
  CHECK(is<Challenge>(world.check(signed_before)));
}

TEST_CASE("a token that is no base64 or too long is refused unseen") {
  World world;
  const sip::Message good = world.token_request();
  CHECK(is<Challenge>(world.check(with_credentials(good, "gssapi-data=\"", "gssapi-data=\"!"))));
  CHECK(is<Challenge>(world.check(
      with_credentials(good, "gssapi-data=\"",
                       "gssapi-data=\"" + std::string(limits::token_bytes_max / 3 * 4, 'A')))));
  CHECK_FALSE(world.server.poll().has_value());
}

TEST_CASE("a client may answer with an older version unless that is switched off") {
  for (const bool accepted : {true, false}) {
    World world;
    Realm realm = realm_of(SignatureVersion::v4);
    realm.accept_older_versions = accepted;
    Authenticator server(realm, world.accounts, world.random);
    const sip::Message old = with_credentials(world.token_request(), ", version=4", "");
    CHECK(is<Pending>(server.check(old, source, start)) == accepted);
    const sip::Message newer = with_credentials(world.token_request(), "version=4", "version=5");
    CHECK(is<Challenge>(server.check(newer, source, start)));
  }
}

TEST_CASE("Digest: signs in without association; a wrong password is challenged, then refused") {
  World world;
  const auto login = [&](std::string_view user, std::string_view password, std::string_view from) {
    ClientAuthenticator client({.username = std::string(user),
                                .password = crypto::Secret(std::string(password)),
                                .kerberos = nullptr});
    sip::Message first = World::request("REGISTER", from);
    sip::Message answer = sip::Message::response(first, 401);
    std::get<Challenge>(world.check(first)).write_to(answer);
    REQUIRE(client.challenged(first, answer, start) == NextStep::repeat);
    client.authorize(first, start, world.random);
    return world.check(first);
  };
  const Verdict good = login("alice", "swordfish", "sip:alice@example.com");
  REQUIRE(is<Passed>(good));
  CHECK(std::get<Passed>(good).association.empty());
  CHECK(std::get<Refuse>(login("bob", "swordfish", "sip:alice@example.com")).status == 403);
  const Verdict wrong = login("alice", "guess", "sip:alice@example.com");
  const Verdict unknown = login("nobody", "guess", "sip:alice@example.com");
  CHECK(std::get<Challenge>(wrong).cause == std::get<Challenge>(unknown).cause);
  for (std::size_t i = 2; i < limits::failures_per_source_max; ++i)
    CHECK(is<Challenge>(login("alice", "guess", "sip:alice@example.com")));
  const Verdict blocked = login("alice", "swordfish", "sip:alice@example.com");
  CHECK(std::get<Refuse>(blocked).status == 503);
  CHECK(std::get<Refuse>(blocked).retry_after == limits::failures_period);
}

namespace {

/// A scheme of two steps, the shape that NTLM has: the server speaks first.
class TwoStep final : public HandshakeScheme {
 public:
  std::string_view name() const override { return "NTLM"; }
  std::string targetname(const Realm& realm) const override { return realm.fqdn; }
  std::unique_ptr<Handshake> begin(const Accounts&) const override {
    class Steps final : public Handshake {
     public:
      Step token(std::string_view token, Time, Random&) override {
        if (token.empty()) return Continue{"challenge"};
        AcceptResult result = testing::hmac_accept(token, "lcs.example.com");
        if (!result) return std::move(result.error());
        return std::move(*result);
      }
      Step accepted(AcceptResult) override { return AcceptFailure{}; }
    };
    return std::make_unique<Steps>();
  }
};

/// A server of that scheme, and its answers to what a device sends.
struct TwoStepWorld {
  TwoAccounts accounts;
  SeededRandom random{3};
  Authenticator server{realm_of(SignatureVersion::v2), schemes(), accounts, random};
  std::string token = testing::hmac_token("alice@EXAMPLE.COM", "key", "lcs.example.com");

  static std::vector<std::unique_ptr<HandshakeScheme>> schemes() {
    std::vector<std::unique_ptr<HandshakeScheme>> all;
    all.push_back(std::make_unique<TwoStep>());
    return all;
  }
  Verdict send(std::string_view opaque, std::string_view data, sip::Message request,
               Time now = start) {
    request.set("Authorization",
                "NTLM qop=\"auth\", realm=\"SIP Communications Service\", "
                "targetname=\"lcs.example.com\", opaque=\"" +
                    std::string(opaque) + "\", gssapi-data=\"" + crypto::base64_encode(data) +
                    "\"");
    return server.check(request, source, now);
  }
  /// The opaque that the challenge to an empty token brings.
  std::string begin() {
    const Verdict first = send("", "", World::request());
    REQUIRE(is<Challenge>(first));
    const std::string& value = std::get<Challenge>(first).values.at(0);
    CHECK(value.contains("gssapi-data=\"" + crypto::base64_encode("challenge")));
    return value.substr(value.find("opaque=\"") + 8, 8);
  }
};

}  // namespace

TEST_CASE("a scheme of several steps: the opaque of the second challenge names the half-open one") {
  TwoStepWorld world;
  const std::string opaque = world.begin();
  CHECK(world.server.handshakes() == 1);
  CHECK(is<Passed>(world.send(opaque, world.token, World::request())));
  CHECK(world.server.handshakes() == 0);
  CHECK(world.server.associations().size() == 1);
}

TEST_CASE("a scheme of several steps: another opaque, device or time does not go on with it") {
  TwoStepWorld world;
  const std::string opaque = world.begin();
  const auto begun_anew = [&](std::string_view named, sip::Message request, Time now = start) {
    return is<Challenge>(world.send(named, "", std::move(request), now));
  };
  CHECK(begun_anew("00000000", World::request()));
  CHECK(world.server.handshakes() == 2);
  sip::Message other = World::request();
  other.set("From", "<sip:alice@example.com>;tag=1;epid=0123456789ab");
  CHECK(begun_anew(opaque, std::move(other)));
  CHECK(world.server.handshakes() == 3);
  world.server.tick(start + limits::handshake_lifetime);
  CHECK(world.server.handshakes() == 0);
  CHECK(begun_anew(opaque, World::request(), start + limits::handshake_lifetime));
  CHECK(world.server.handshakes() == 1);
}
