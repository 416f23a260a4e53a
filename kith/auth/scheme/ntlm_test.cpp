#include "kith/auth/scheme/ntlm.h"

#include <doctest/doctest.h>

#include <functional>
#include <set>

#include "kith/auth/authenticator.h"
#include "kith/auth/client.h"
#include "kith/auth/limits.h"
#include "kith/auth/scheme/ntlm/flags.h"
#include "kith/auth/scheme/ntlm/keys.h"
#include "kith/auth/scheme/ntlm/testing/example.h"
#include "kith/auth/scheme/ntlm/utf16.h"
#include "kith/auth/testing/messages.h"
#include "kith/base/text.h"

using namespace kith;
using namespace kith::auth;
using kith::auth::testing::message;
namespace example = kith::auth::ntlm::testing;

namespace {

constexpr std::string_view server_challenge = "1122334455667788";
constexpr std::string_view client_choices = "a1a2a3a4a5a6a7a80f1e2d3c4b5a69788796a5b4c3d2e1f0";
const Address source = Address::v4(192, 0, 2, 1, 5060);
const SaRef walt{.aor = sip::Aor{"walt@lab.example"}, .epid = "46b45a2a3940"};

Realm realm_of(SignatureVersion version = SignatureVersion::v4) {
  return {.fqdn = "lcs1.lab.example",
          .version = version,
          .kerberos = false,
          .ntlm = true,
          .domain = "lab.example",
          .digest = false};
}

/// walt, bob with the same password, and pam who has none.
class Lab final : public Accounts {
 public:
  std::optional<sip::Aor> account_of(std::string_view) const override { return std::nullopt; }
  std::optional<DigestAccount> digest_account(std::string_view) const override {
    return std::nullopt;
  }
  std::optional<NtAccount> nt_account(std::string_view username) const override {
    const std::string name = to_lower(username);
    asked.insert(name);
    if (name == "pam@lab.example") return NtAccount{.aor = sip::Aor{name}, .nt_hash = {}};
    if (name != "walt@lab.example" && name != "bob@lab.example") return std::nullopt;
    return NtAccount{.aor = sip::Aor{name},
                     .nt_hash = ntlm::nt_hash(crypto::Secret("S3cure-Pass")).value()};
  }
  mutable std::set<std::string> asked;
};

/// The example's handshake at the scheme itself, with something changed in the last message.
struct Bare {
  Realm realm = realm_of();
  Lab accounts{};
  Ntlm scheme{realm};
  std::unique_ptr<Handshake> handshake = scheme.begin(accounts);
  example::Chosen random{server_challenge};

  std::string challenge() {
    return std::get<Continue>(handshake->token("", example::now, random)).token;
  }
  Step answer(std::string_view token, Time now = example::now) {
    return handshake->token(token, now, random);
  }
  static std::string changed(const std::function<void(ntlm::AuthenticateMessage&)>& change) {
    auto message = ntlm::AuthenticateMessage::parse(example::authenticate()).value();
    change(message);
    return message.write();
  }
  /// Why it was refused; "taken" if it was not.
  static std::string refusal(const Step& step) {
    if (std::holds_alternative<Accepted>(step)) return "taken";
    const auto& failure = std::get<AcceptFailure>(step);
    return std::string(to_string(failure.kind)) + ": " + failure.detail;
  }
  std::string refusal_of(const std::function<void(ntlm::AuthenticateMessage&)>& change) {
    challenge();
    return refusal(answer(changed(change)));
  }
};

/// A server, and a client whose user it knows.
struct World {
  explicit World(Realm realm = realm_of(), std::string username = "walt@lab.example",
                 std::string password = "S3cure-Pass")
      : server(realm, accounts, random),
        ntlm({.username = std::move(username),
              .password = crypto::Secret(std::move(password)),
              .plain_signatures = true},
             random) {}

  Lab accounts;
  SeededRandom random{7};
  Authenticator server;
  NtlmClient ntlm;
  ClientAuthenticator client{{.username = {}, .password = {}, .ntlm = &ntlm}};

  static sip::Message request(std::string_view method = "REGISTER",
                              std::string_view user = "walt") {
    std::string text(method);
    text.append(
        " sip:lab.example SIP/2.0\nVia: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK1\nFrom: <sip:");
    text.append(user).append("@lab.example>;tag=1;epid=46b45a2a3940\nTo: <sip:");
    text.append(user).append("@lab.example>\nCall-ID: c1\nCSeq: 1 ").append(method).append("\n");
    return message(text);
  }
  sip::Message authorized(std::string_view method = "REGISTER", std::string_view user = "walt") {
    sip::Message next = request(method, user);
    client.authorize(next, example::now, random);
    return next;
  }
  Verdict check(const sip::Message& request, Time now = example::now) {
    return server.check(request, source, now);
  }
  std::expected<NextStep, std::string> take(const sip::Message& request, const Verdict& verdict) {
    sip::Message answer = sip::Message::response(request, 401);
    std::get<Challenge>(verdict).write_to(answer);
    return client.challenged(request, answer, example::now);
  }
  /// The first two requests; the third has the AUTHENTICATE message.
  sip::Message third_request(std::string_view user = "walt") {
    for (int turn = 0; turn < 2; ++turn) {
      const sip::Message request = authorized("REGISTER", user);
      REQUIRE(take(request, check(request)) == NextStep::repeat);
    }
    return authorized("REGISTER", user);
  }
  /// The whole of it; what became of the third request.
  Verdict sign_in(std::string_view user = "walt") {
    const sip::Message last = third_request(user);
    Verdict verdict = check(last);
    if (!std::holds_alternative<Passed>(verdict)) return verdict;
    sip::Message ok = sip::Message::response(last, 200);
    CHECK(server.sign(walt, ok, example::now));
    CHECK(client.check(ok, example::now).kind == ServerCheck::Kind::genuine);
    return verdict;
  }
};

template <class T>
bool is(const Verdict& verdict) {
  return std::holds_alternative<T>(verdict);
}

std::string value_of(const Verdict& verdict) {
  const Challenge& challenge = std::get<Challenge>(verdict);
  REQUIRE(challenge.values.size() == 1);
  return challenge.values.front();
}

}  // namespace

TEST_CASE("SIP-AUTH-51: the CHALLENGE is the one of section 3.5, flags and TargetInfo") {
  Bare bare;
  CHECK(to_hex(as_bytes(bare.challenge())) == to_hex(as_bytes(example::challenge())));
  CHECK(bare.challenge() == example::challenge());  // asked for again, it is the same one
}

TEST_CASE("SIP-AUTH-50: the AUTHENTICATE of section 3.5 is taken, and its keys sign") {
  Bare bare;
  bare.challenge();
  Step step = bare.answer(example::authenticate());
  REQUIRE(std::holds_alternative<Accepted>(step));
  const Accepted& accepted = std::get<Accepted>(step);
  CHECK(accepted.account == walt.aor);
  CHECK(accepted.expires == never);
  const std::string text =
      "<NTLM><A0B1C2D3><1><SIP Communications Service><lcs1.lab.example>"
      "<c0ffee00c0ffee00c0ffee00c0ffee00><3><REGISTER><sip:walt@lab.example><77aa01><9F0E1D2C>"
      "<1200><200>";
  CHECK(to_hex(as_bytes(accepted.context->mic(text))) == "01000000515d5f612cf5a9d564000000");
}

TEST_CASE("SIP-AUTH-50: a client writes the AUTHENTICATE of section 3.5") {
  example::Chosen random(client_choices);
  NtlmClient client(
      {.username = "LAB\\walt", .password = crypto::Secret("S3cure-Pass"), .workstation = "DESK1"},
      random);
  const auto initiated = client.answer(example::challenge(), example::now);
  REQUIRE(initiated);
  CHECK(to_hex(as_bytes(initiated->token)) == to_hex(as_bytes(example::authenticate())));
  CHECK(to_hex(as_bytes(initiated->context->mic("<NTLM>"))) !=
        to_hex(as_bytes(initiated->context->mic("<ntlm>"))));
}

TEST_CASE("SIP-AUTH-06: clocks more than 15 minutes apart are refused, in both directions") {
  for (const auto& [skew, word] : {std::pair<Duration, std::string_view>{15min, "taken"},
                                   {-15min, "taken"},
                                   {15min + 1s, "clock skew"},
                                   {-15min - 1s, "clock skew"},
                                   {Duration{24h * 365 * 20}, "clock skew"}}) {
    Bare bare;
    bare.challenge();
    const Step step = bare.answer(example::authenticate(), example::now + skew);
    CHECK(Bare::refusal(step).starts_with(word));
  }
}

TEST_CASE("[MS-NLMP] §3.2.5.1.2: what is no NTLMv2 in connectionless mode is refused") {
  using ntlm::AuthenticateMessage;
  namespace flag = ntlm::flag;
  CHECK(Bare{}.refusal_of([](AuthenticateMessage&) {}) == "taken");
  struct Case {
    std::function<void(AuthenticateMessage&)> change;
    std::string_view refusal;
  };
  const Case cases[] = {
      {[](auto& m) { m.flags &= ~flag::unicode; }, "bad token: the client wants NTLM of another"},
      {[](auto& m) { m.flags &= ~flag::datagram; }, "bad token: the client wants NTLM of another"},
      {[](auto& m) { m.flags &= ~flag::sign; }, "bad token: the client wants NTLM of another"},
      {[](auto& m) { m.flags &= ~flag::ntlm; }, "bad token: the client wants NTLM of another"},
      {[](auto& m) { m.flags &= ~flag::extended_session_security; },
       "bad token: the client wants to sign without extended"},
      {[](auto& m) { m.user.clear(); }, "bad token: the client names no user"},
      {[](auto& m) { m.session_key.clear(); }, "bad token: the session key"},
      {[](auto& m) { m.session_key += 'x'; }, "bad token: the session key"},
      {[](auto& m) { m.nt_response.clear(); }, "bad token: the response is not one"},
      {[](auto& m) { m.nt_response.resize(24); }, "bad token: the response is not one"},
      {[](auto& m) { m.nt_response.resize(16); }, "bad token: the response is not one"},
      {[](auto& m) { m.user += 'x'; }, "bad token: the response is not one"},
      {[](auto& m) { m.nt_response[0] ^= 1; }, "wrong user name or password: walt@lab.example"},
      {[](auto& m) { m.nt_response[40] ^= 1; }, "wrong user name or password: walt@lab.example"},
      {[](auto& m) { m.domain = ntlm::utf16("lab").value(); }, "wrong user name or password"},
      {[](auto& m) { m.user = ntlm::utf16("bob").value(); }, "wrong user name or password: bob"},
      {[](auto& m) { m.user = ntlm::utf16("pam").value(); }, "wrong user name or password: pam"},
      {[](auto& m) { m.user = ntlm::utf16("eve").value(); }, "wrong user name or password: eve"},
  };
  for (const Case& each : cases) {
    const std::string refusal = Bare{}.refusal_of(each.change);
    CAPTURE(each.refusal);
    CHECK(refusal.substr(0, each.refusal.size()) == each.refusal);
  }
}

TEST_CASE("SIP-AUTH-09: a token without its challenge goes on with nothing") {
  Bare bare;
  CHECK(Bare::refusal(bare.answer(example::authenticate())).starts_with("bad token"));
  Bare begun;
  begun.challenge();
  for (const std::string token : {"x", "NTLMSSP", "NTLMSSP\0\1"})
    CHECK(Bare::refusal(begun.answer(token)) == "bad token: this is no AUTHENTICATE message");
  CHECK(Bare::refusal(begun.answer(example::challenge())).starts_with("bad token"));
}

TEST_CASE("[MS-NLMP] §3.1.5.1.2: a promised integrity code must be there and be right") {
  for (const bool broken : {false, true}) {
    Bare bare;
    example::Chosen random(client_choices);
    NtlmClient client({.username = "walt", .password = crypto::Secret("S3cure-Pass")}, random);
    // A server that tells the time gets a code; the code is over what that server said.
    auto asked = ntlm::ChallengeMessage::parse(bare.challenge()).value();
    asked.target_info.push_back(
        {ntlm::AvId::timestamp, ntlm::write_filetime(ntlm::filetime(example::now))});
    const auto initiated = client.answer(asked.write(), example::now);
    REQUIRE(initiated);
    const auto message = ntlm::AuthenticateMessage::parse(initiated->token).value();
    CHECK(message.mic.size() == 16);
    CHECK(message.lm_response == std::string(24, '\0'));
    const auto rest = ntlm::ClientChallenge::parse(message.nt_response.substr(16)).value();
    CHECK(rest.promises_mic());
    std::string token = initiated->token;
    token.replace(72, 16, 16, '\0');
    const crypto::Secret key(from_hex("0f1e2d3c4b5a69788796a5b4c3d2e1f0").value());
    std::string code = ntlm::handshake_mic(key, bare.challenge(), token);
    if (broken) code[0] = static_cast<char>(code[0] ^ 1);
    token.replace(72, 16, code);
    CHECK(Bare::refusal(bare.answer(token)) ==
          (broken ? "bad token: the handshake was changed on its way" : "taken"));
    CHECK(message.mic ==
          ntlm::handshake_mic(key, asked.write(),
                              std::string(initiated->token).replace(72, 16, 16, '\0')));
  }
}

TEST_CASE("SIP-AUTH-56: user and domain of NTLM name an account") {
  Realm realm = realm_of();
  const auto name = [&](std::string_view user, std::string_view domain) {
    return Ntlm(realm).account_name(user, domain);
  };
  CHECK(name("walt", "") == "walt@lab.example");
  CHECK(name("walt", "LAB") == "walt@lab.example");
  CHECK(name("walt", "lab") == "walt@lab.example");
  CHECK(name("walt", "lab.example") == "walt@lab.example");
  CHECK(name("walt", "other.example") == "walt@other.example");
  CHECK(name("walt", "DESK1") == "walt@DESK1");
  CHECK(name("walt@lab.example", "") == "walt@lab.example");
  CHECK(name("walt@other.example", "LAB") == "walt@other.example");
  realm.ntlm_domain = "OLDLAB";
  CHECK(name("walt", "OLDLAB") == "walt@lab.example");
  CHECK(name("walt", "LAB") == "walt@LAB");
}

TEST_CASE("SIP-AUTH-04, SIP-AUTH-08, SIP-AUTH-09, SIP-AUTH-12: the three requests of NTLM") {
  World world(realm_of(SignatureVersion::v3));
  const sip::Message first = world.authorized();
  CHECK_FALSE(first.has("Authorization"));
  const Verdict offered = world.check(first);
  CHECK(value_of(offered) ==
        "NTLM realm=\"SIP Communications Service\", targetname=\"lcs1.lab.example\", version=3");
  REQUIRE(world.take(first, offered) == NextStep::repeat);
  const sip::Message second = world.authorized();
  CHECK(second.text("Authorization") ==
        "NTLM qop=\"auth\", realm=\"SIP Communications Service\", "
        "targetname=\"lcs1.lab.example\", gssapi-data=\"\", version=3");
  const Verdict asked = world.check(second);
  const std::string value = value_of(asked);
  CHECK(value.contains("gssapi-data=\"TlRMTVNTUAAC"));
  CHECK(world.server.handshakes() == 1);
  REQUIRE(world.take(second, asked) == NextStep::repeat);
  const sip::Message third = world.authorized();
  const std::string_view sent = third.text("Authorization");
  CHECK(sent.contains("gssapi-data=\"TlRMTVNTUAAD"));
  CHECK(sent.contains(value.substr(value.find("opaque="), 17)));  // SIP-AUTH-10
  CHECK_FALSE(sent.contains("cnum"));
  CHECK(is<Passed>(world.check(third)));
  CHECK(world.server.handshakes() == 0);
}

TEST_CASE(
    "SIP-AUTH-20, SIP-AUTH-32, SIP-AUTH-47, SIP-AUTH-48: NTLM signs both ways, every version") {
  using enum SignatureVersion;
  for (const SignatureVersion version : {v2, v3, v4}) {
    World world(realm_of(version));
    REQUIRE(is<Passed>(world.sign_in()));
    CHECK(world.client.has_association(example::now));
    const sip::Message service = world.authorized("SERVICE");
    const std::string_view sent = service.text("Authorization");
    CHECK(sent.contains(version == v4 ? "cnum=\"2\"" : "cnum=\"1\""));
    const Verdict verdict = world.check(service);
    REQUIRE(is<Passed>(verdict));
    CHECK(std::get<Passed>(verdict).association == walt);
    sip::Message forged = world.authorized("SERVICE");
    forged.set("To", "<sip:eve@lab.example>;tag=9");
    CHECK(is<Drop>(world.check(forged)));
    CHECK(is<Drop>(world.check(service)));  // again: a replay
    sip::Message answer = sip::Message::response(service, 200);
    REQUIRE(world.server.sign(walt, answer, example::now));
    sip::Message changed = answer;
    changed.set("Call-ID", "c2");
    CHECK_FALSE(world.client.check(changed, example::now).acceptable());
    CHECK(world.client.check(answer, example::now).kind == ServerCheck::Kind::genuine);
  }
}

TEST_CASE("SIP-AUTH-49: in version 4 the REGISTER with the final token is signed, and must be") {
  World world;
  const sip::Message last = world.third_request();
  const std::string sent(last.text("Authorization"));
  CHECK(sent.contains("cnum=\"1\""));
  sip::Message changed = last;
  std::string other = sent;
  const std::size_t response = other.find("response=\"") + 10 + 8;
  other[response] = other[response] == '0' ? '1' : '0';
  changed.set("Authorization", other);
  CHECK(is<Drop>(world.check(changed)));

  World unsigned_one;
  sip::Message without = unsigned_one.third_request();
  const std::string whole(without.text("Authorization"));
  without.set("Authorization", whole.substr(0, whole.find(", crand=")));
  const Verdict verdict = unsigned_one.check(without);
  REQUIRE(is<Challenge>(verdict));
  CHECK(std::get<Challenge>(verdict).cause.contains("is not signed"));
}

TEST_CASE("SIP-AUTH-50: signatures without extended session security, where both sides take them") {
  Realm realm = realm_of(SignatureVersion::v2);
  realm.ntlm_plain = true;
  Bare bare{.realm = realm};
  Step step = bare.challenge().empty()
                  ? Step{}
                  : bare.answer(Bare::changed([](ntlm::AuthenticateMessage& m) {
                      m.flags &= ~ntlm::flag::extended_session_security;
                    }));
  REQUIRE(std::holds_alternative<Accepted>(step));
  CHECK(to_hex(as_bytes(std::get<Accepted>(step).context->mic("text")))
            .starts_with("0100000000000000"));

  auto asked = ntlm::ChallengeMessage::parse(example::challenge()).value();
  asked.flags &= ~ntlm::flag::extended_session_security;
  SeededRandom random{1};
  NtlmLogin login{.username = "walt", .password = crypto::Secret("S3cure-Pass")};
  CHECK_FALSE(NtlmClient(login, random).answer(asked.write(), example::now).has_value());
  login.plain_signatures = true;
  CHECK(NtlmClient(login, random).answer(asked.write(), example::now).has_value());
}

TEST_CASE("[MS-NLMP] §3.1.5.2.1: a client refuses challenges that it cannot answer safely") {
  SeededRandom random{1};
  NtlmClient client({.username = "walt", .password = crypto::Secret("S3cure-Pass")}, random);
  CHECK(client.answer(example::challenge(), example::now).has_value());
  const auto refused = [&](const std::function<void(ntlm::ChallengeMessage&)>& change) {
    auto asked = ntlm::ChallengeMessage::parse(example::challenge()).value();
    change(asked);
    return !client.answer(asked.write(), example::now).has_value();
  };
  namespace flag = ntlm::flag;
  for (const std::uint32_t missing :
       {flag::unicode, flag::sign, flag::datagram, flag::ntlm, flag::extended_session_security})
    CHECK(refused([missing](auto& asked) { asked.flags &= ~missing; }));
  CHECK(refused([](auto& asked) { asked.flags &= ~flag::target_info; }));
  CHECK(refused([](auto& asked) { asked.target_info.clear(); }));
  CHECK_FALSE(client.answer("", example::now).has_value());
  CHECK_FALSE(client.answer(example::authenticate(), example::now).has_value());
  for (const char* name : {"", "LAB\\", "\xff"})
    CHECK_FALSE(NtlmClient({.username = name, .password = crypto::Secret("S3cure-Pass")}, random)
                    .answer(example::challenge(), example::now)
                    .has_value());
  auto large = ntlm::ChallengeMessage::parse(example::challenge()).value();
  large.target_info.push_back({ntlm::AvId::dns_domain, std::string(23'000, 'x')});
  CHECK(client.answer(large.write(), example::now).has_value());
  large.target_info.back().value.resize(limits::token_bytes_max);
  CHECK_FALSE(client.answer(large.write(), example::now).has_value());
  CHECK_FALSE(NtlmClient({.username = std::string(limits::ntlm_name_bytes_max + 1, 'x'),
                          .password = crypto::Secret("S3cure-Pass")},
                         random)
                  .answer(example::challenge(), example::now)
                  .has_value());
  CHECK_FALSE(NtlmClient({.username = "walt", .password = crypto::Secret("\xff")}, random)
                  .answer(example::challenge(), example::now)
                  .has_value());
}

TEST_CASE("SIP-AUTH-56: whoever signs in with NTLM must own the address in From") {
  for (const char* username : {"walt", "LAB\\walt", "lab.example\\walt", "WALT@LAB.EXAMPLE"}) {
    World world(realm_of(), username);
    CHECK(is<Passed>(world.sign_in()));
  }
  World bob(realm_of(), "bob");
  const Verdict verdict = bob.sign_in();
  REQUIRE(is<Refuse>(verdict));
  CHECK(std::get<Refuse>(verdict).status == 403);
  CHECK(bob.server.associations().size() == 0);
}

TEST_CASE("NTLM: a wrong password and an unknown user are told the same, and counted") {
  const auto refusal = [](std::string user, std::string password) {
    World world(realm_of(), std::move(user), std::move(password));
    const sip::Message last = world.third_request();
    const Verdict verdict = world.check(last);
    CHECK(value_of(verdict) ==
          "NTLM realm=\"SIP Communications Service\", targetname=\"lcs1.lab.example\", version=4");
    const auto step = world.take(last, verdict);
    REQUIRE_FALSE(step.has_value());
    CHECK(step.error() == "the server refused the user name or the password");
    return std::get<Challenge>(verdict).cause;
  };
  CHECK(refusal("walt", "guess") == "NTLM: wrong user name or password: walt@lab.example");
  CHECK(refusal("eve", "S3cure-Pass") == "NTLM: wrong user name or password: eve@lab.example");
  CHECK(refusal("pam", "") == "NTLM: wrong user name or password: pam@lab.example");

  World world(realm_of(), "walt", "guess");
  for (std::size_t i = 0; i < limits::failures_per_source_max; ++i) {
    world.client.reset();
    CHECK(is<Challenge>(world.sign_in()));
  }
  world.client.reset();
  const sip::Message first = world.authorized();
  REQUIRE(world.take(first, world.check(first)) == NextStep::repeat);
  const Verdict blocked = world.check(world.authorized());
  REQUIRE(is<Refuse>(blocked));
  CHECK(std::get<Refuse>(blocked).status == 503);
}

TEST_CASE(
    "SIP-AUTH-44: a half-open association is found by opaque and device, once, and not for long") {
  World world;
  const sip::Message last = world.third_request();
  sip::Message elsewhere = last;
  elsewhere.set("From", "<sip:walt@lab.example>;tag=1;epid=0123456789ab");
  CHECK(is<Challenge>(world.check(elsewhere)));
  sip::Message renamed = last;
  std::string other(last.text("Authorization"));
  other.replace(other.find("opaque=\"") + 8, 8, "00000000");
  renamed.set("Authorization", other);
  CHECK(is<Challenge>(world.check(renamed)));
  CHECK(is<Challenge>(world.check(last, example::now + limits::handshake_lifetime)));

  World once;
  const sip::Message taken = once.third_request();
  CHECK(is<Passed>(once.check(taken)));
  CHECK_FALSE(is<Passed>(once.check(taken)));
}

TEST_CASE("NTLM: half-open associations are bounded for each source, and end with their time") {
  World world;
  const sip::Message first = world.authorized();
  REQUIRE(world.take(first, world.check(first)) == NextStep::repeat);
  const sip::Message second = world.authorized();
  for (std::size_t i = 0; i < limits::handshakes_per_source_max; ++i)
    CHECK(is<Challenge>(world.check(second)));
  CHECK(is<Refuse>(world.check(second)));
  CHECK(world.server.handshakes() == limits::handshakes_per_source_max);
  CHECK(world.server.next_deadline() == example::now + limits::handshake_lifetime);
  world.server.tick(example::now + limits::handshake_lifetime);
  CHECK(world.server.handshakes() == 0);
}

TEST_CASE("SIP-AUTH-45: before a client has keys, nothing signed is taken for its server's") {
  World world;
  const sip::Message first = world.authorized();
  REQUIRE(world.take(first, world.check(first)) == NextStep::repeat);
  sip::Message forged = sip::Message::response(first, 200);
  forged.add("Authentication-Info",
             "NTLM rspauth=\"01000000515D5F612CF5A9D564000000\", srand=\"A0B1C2D3\", snum=\"1\", "
             "targetname=\"lcs1.lab.example\", realm=\"SIP Communications Service\"");
  CHECK_FALSE(world.client.check(forged, example::now).acceptable());
  CHECK_FALSE(world.client.check(sip::Message::response(first, 200), example::now).acceptable());
}

TEST_CASE("NTLM: a server that has nothing to answer is left, and Digest tried where it can be") {
  World world;
  const sip::Message first = world.authorized();
  const Verdict offered = world.check(first);
  REQUIRE(world.take(first, offered) == NextStep::repeat);
  const sip::Message second = world.authorized();
  const auto again = world.take(second, offered);
  REQUIRE_FALSE(again.has_value());
  CHECK(again.error() == "NTLM: the server's challenge has no token to answer");

  Realm both = realm_of();
  both.digest = true;
  World mixed(both);
  ClientAuthenticator client(
      {.username = "walt", .password = crypto::Secret("S3cure-Pass"), .ntlm = &mixed.ntlm});
  const auto turn = [&](const sip::Message& request, const Verdict& verdict) {
    sip::Message answer = sip::Message::response(request, 401);
    std::get<Challenge>(verdict).write_to(answer);
    REQUIRE(client.challenged(request, answer, example::now) == NextStep::repeat);
    sip::Message next = World::request();
    client.authorize(next, example::now, mixed.random);
    return next;
  };
  const sip::Message empty = turn(first, mixed.check(World::request()));
  CHECK(empty.text("Authorization").starts_with("NTLM"));
  const sip::Message digest = turn(empty, mixed.check(World::request()));
  CHECK(digest.text("Authorization").starts_with("Digest"));
}

TEST_CASE("NTLM: a request that is refused for another reason begins the handshake anew") {
  World world;
  const sip::Message last = world.third_request();
  CHECK(world.client.check(sip::Message::response(last, 503), example::now).acceptable());
  const sip::Message next = world.authorized();
  CHECK_FALSE(next.has("Authorization"));
  CHECK(world.take(next, world.check(next)) == NextStep::repeat);
}
