#include <doctest/doctest.h>

#include "kith/auth/answers.h"
#include "kith/auth/limits.h"
#include "kith/auth/testing/answering.h"

using namespace kith;
using namespace kith::auth;
using namespace kith::auth::testing;
using Reason = Unanswered::Reason;

namespace {

constexpr std::string_view plain = R"(Digest realm="r", nonce="1", qop="auth")";

std::string nc(const sip::Message& message) {
  const std::vector<sip::Authorization> values = sent(message);
  return values.empty() ? "none" : param(values.front(), "nc");
}

/// The answer of a server that has looked at these credentials.
sip::Message ok(std::string_view info, std::string_view body = {},
                std::string_view header = "Authentication-Info") {
  sip::Message response = sip::Message::response(request(), 200);
  response.add(header, info);
  if (!body.empty()) response.set_body("text/plain", body);
  return response;
}

std::string rspauth(const sip::Authorization& value, const Login& login,
                    std::string_view body = {}) {
  const DigestVariant variant = digest_variant(value.algorithm().value_or("MD5")).value();
  crypto::Secret key = digest_ha1(variant.hash, login.username, *value.realm(), login.password);
  if (variant.session) key = digest_session_key(variant.hash, key, *value.nonce(), *value.cnonce());
  return digest_response(variant.hash, key,
                         {.method = {},
                          .uri = *value.uri(),
                          .nonce = *value.nonce(),
                          .nc = value.params.find("nc").value_or(""),
                          .cnonce = value.cnonce().value_or(""),
                          .qop = digest_qop(value.qop().value_or("")).value_or(DigestQop::none),
                          .body = body});
}

}  // namespace

TEST_CASE("RFC 7616 §3.4: later requests use the nonce again, each with the next count") {
  Client client;
  CHECK(nc(client.answered({plain})) == "00000001");
  for (const std::string_view expected : {"00000002", "00000003"}) {
    const sip::Message next = client.authorized(request("MESSAGE", "another call"));
    CHECK(nc(next) == expected);
    CHECK(right(next, sent(next).at(0), client.keyring.value));
  }
  CHECK(sent(client.authorized(client.authorized(request()))).size() == 1);
  CHECK(client.keyring.asked == 1);
}

TEST_CASE("RFC 7616 §3.3: without a domain, a space is the server that asked, and the call") {
  struct Row {
    std::string_view uri;
    bool covered;
  };
  for (const Row& row :
       {Row{"sip:carol@BILOXI.com;transport=tcp", true}, Row{"sip:biloxi.com", true},
        Row{"sips:bob@biloxi.com", false}, Row{"sip:bob@biloxi.com:5070", false},
        Row{"sip:bob@evil.com", false}, Row{"tel:+12125551212", false}}) {
    CAPTURE(row.uri);
    Client client;
    client.answered({plain});
    CHECK(client.authorized(request("INVITE", "c2", row.uri)).has("Authorization") == row.covered);
    CHECK(client.authorized(request("BYE", "c1", row.uri)).has("Authorization"));
  }
}

TEST_CASE("RFC 7616 §3.3: with a domain, a space is what it names") {
  struct Row {
    std::string_view uri;
    bool covered;
  };
  for (const Row& row :
       {Row{"sip:anyone@a.example", true}, Row{"sip:A.example", true},
        Row{"sip:carol@b.example:5070", true}, Row{"sip:dave@b.example:5070", false},
        Row{"sip:carol@b.example", false}, Row{"sips:anyone@a.example", false},
        Row{"sip:bob@biloxi.com", false}, Row{"tel:+1", true}, Row{"tel:+2", false}}) {
    CAPTURE(row.uri);
    Client client;
    client.answered({R"(Digest realm="r", nonce="1", qop="auth",)"
                     R"( domain="sip:a.example sip:carol@b.example:5070 tel:+1 /path")"});
    CHECK(client.authorized(request("INVITE", "c2", row.uri)).has("Authorization") == row.covered);
  }
}

TEST_CASE(
    "RFC 3261 §22.3: what a proxy asked for stays within the call, unless it is always there") {
  for (const bool same_proxies : {false, true}) {
    Client client{.answers = Answers({.same_proxies = same_proxies})};
    client.answered({plain}, 407);
    CHECK(client.authorized(request("BYE", "c1", "sip:x@y")).has("Proxy-Authorization"));
    CHECK(client.authorized(request("INVITE", "c2")).has("Proxy-Authorization") == same_proxies);
    client.answers.forget_call("c2");
    CHECK(client.answers.spaces() == 1);
    client.answers.forget_call("c1");
    CHECK(client.answers.spaces() == (same_proxies ? 1 : 0));
  }
  Client client;
  client.answered({plain});
  client.answers.forget_call("c1");
  CHECK(client.answers.spaces() == 1);  // of a server
  client.answers.forget();
  CHECK(client.answers.spaces() == 0);
}

TEST_CASE("a nonce of an earlier request that is refused without a word gets one more answer") {
  Client client;
  client.answered({plain});
  client.attempt = {};
  const sip::Message early = client.authorized(request("MESSAGE", "c2"));
  CHECK(client.refusal(early, challenge({plain})) == Reason::refused);  // the same nonce
  client.answered({plain});
  client.attempt = {};
  const sip::Message again = client.authorized(request("MESSAGE", "c2"));
  const auto answer =
      client.answer(again, challenge({R"(Digest realm="r", nonce="2", qop="auth")"}));
  REQUIRE(answer);
  CHECK(param(sent(answer->request).at(0), "nonce") == "2");
  CHECK(
      client.refusal(answer->request, challenge({R"(Digest realm="r", nonce="3", qop="auth")"})) ==
      Reason::refused);
}

TEST_CASE("two requests on their way with the same stale nonce are both answered") {
  Client client;
  client.answered({plain});
  const sip::Message one = client.authorized(request("MESSAGE", "c2"));
  const sip::Message other = client.authorized(request("MESSAGE", "c3"));
  for (const auto& [message, nonce] : {std::pair{one, "2"}, {other, "3"}}) {
    Attempt attempt;
    const auto answer = client.answers.answer(
        message,
        challenge(
            {std::string(R"(Digest realm="r", qop="auth", stale=true, nonce=")") + nonce + '"'}),
        attempt, client.keyring, client.random);
    REQUIRE(answer);
    CHECK(param(sent(answer->request).at(0), "nonce") == nonce);
    CHECK(nc(answer->request) == "00000001");
  }
}

TEST_CASE("RFC 7616 §3.5: the nonce that the server names next is used next, counted anew") {
  Client client;
  const sip::Message first = client.answered({plain});
  CHECK(client.answers.check(first, ok(R"(nextnonce="1")")) == Proof::none);
  CHECK(nc(client.authorized(request())) == "00000002");  // the one in use goes on
  client.answers.check(first, ok(R"(nextnonce="")"));
  CHECK(nc(client.authorized(request())) == "00000003");
  client.answers.check(first, ok(R"(nextnonce="n\"2")"));
  const sip::Message next = client.authorized(request());
  CHECK(param(sent(next).at(0), "nonce") == R"(n\"2)");
  CHECK(nc(next) == "00000001");
  CHECK(right(next, sent(next)[0], client.keyring.value));
  const std::string wide(limits::challenge_parameter_bytes_max + 1, 'x');
  client.answers.check(next, ok("nextnonce=\"" + wide + '"'));
  CHECK(nc(client.authorized(request())) == "00000002");
}

TEST_CASE("RFC 7616 §3.4.2: a session keeps its key and its cnonce over all its requests") {
  Client client;
  const sip::Message first =
      client.answered({R"(Digest realm="r", nonce="1", qop="auth", algorithm=MD5-sess)"});
  const sip::Message second = client.authorized(request("MESSAGE"));
  const std::string cnonce = param(sent(first).at(0), "cnonce");
  CHECK(param(sent(second).at(0), "cnonce") == cnonce);
  CHECK(nc(second) == "00000002");
  CHECK(right(second, sent(second)[0], client.keyring.value));
  client.answers.check(second, ok(R"(nextnonce="2")"));
  const sip::Message third = client.authorized(request("MESSAGE"));
  const Login& login = client.keyring.value;
  const crypto::Secret key =
      digest_session_key(DigestAlgorithm::md5,
                         digest_ha1(DigestAlgorithm::md5, "bob", "r", login.password), "1", cnonce);
  CHECK(param(sent(third).at(0), "response") == digest_response(DigestAlgorithm::md5, key,
                                                                {.method = "MESSAGE",
                                                                 .uri = "sip:bob@biloxi.com",
                                                                 .nonce = "2",
                                                                 .nc = "00000001",
                                                                 .cnonce = cnonce}));
}

TEST_CASE("RFC 7616 §3.5: a server that says it knows the password is held to it") {
  for (const std::string_view offer :
       {R"(qop="auth")", R"(qop="auth-int")", R"(qop="auth", algorithm=SHA-256)",
        R"(qop="auth-int", algorithm=SHA-512-256)", R"(qop="auth", algorithm=MD5-sess)",
        "algorithm=MD5"}) {
    CAPTURE(offer);
    Client client;
    std::string line = R"(Digest realm="r", nonce="1", )";
    const sip::Message next = client.answered({line.append(offer)});
    const sip::Authorization value = sent(next).at(0);
    const std::string proof = rspauth(value, client.keyring.value, "hello");
    const auto check = [&](std::string info, std::string_view body = "hello") {
      return client.answers.check(next, ok(info, body));
    };
    const std::string good = "rspauth=\"" + proof + '"';
    CHECK(check(good) == Proof::genuine);
    CHECK(check("Digest " + good) == Proof::genuine);
    if (value.qop()) {
      CHECK(check(good + ", qop=" + param(value, "qop") + ", nc=" + param(value, "nc") +
                  ", cnonce=\"" + param(value, "cnonce") + '"') == Proof::genuine);
      CHECK(check(good + ", cnonce=\"another\"") == Proof::forged);
      CHECK(check(good + ", nc=00000002") == Proof::forged);
      CHECK(check(good + ", qop=auth-conf") == Proof::forged);
    }
    CHECK(check(good, "hellO") == (value.qop() == "auth-int" ? Proof::forged : Proof::genuine));
    CHECK(check(R"(rspauth="")") == Proof::forged);
    CHECK(check("rspauth=\"" + param(value, "response") + '"') == Proof::forged);
    CHECK(check("Kerberos " + good) == Proof::none);
    CHECK(check(R"(qop="auth")") == Proof::none);
  }
}

TEST_CASE("RFC 7616 §3.5: from who does not know the password no nonce is taken") {
  Client client;
  const sip::Message next = client.answered({plain});
  CHECK(client.answers.check(next, ok(R"(rspauth="00", nextnonce="evil")")) == Proof::forged);
  CHECK(param(sent(client.authorized(request())).at(0), "nonce") == "1");
  CHECK(client.answers.check(request(), ok(R"(rspauth="00", nextnonce="evil")")) == Proof::none);
  sip::Message challenged = challenge({plain});
  challenged.add("Authentication-Info", R"(nextnonce="evil")");
  CHECK(client.answers.check(next, challenged) == Proof::none);
  CHECK(param(sent(client.authorized(request())).at(0), "nonce") == "1");
}

TEST_CASE("RFC 7615 §4: a proxy proves itself in a header of its own, among others") {
  Client client;
  const sip::Message next = client.answered(
      {R"(Digest realm="p", nonce="1", qop="auth")", R"(Digest realm="q", nonce="2", qop="auth")"},
      407);
  for (const sip::Authorization& value : sent(next, "Proxy-Authorization")) {
    const std::string info =
        "rspauth=\"" + rspauth(value, client.keyring.value) + "\", nextnonce=\"3\"";
    CHECK(client.answers.check(next, ok(info)) == Proof::none);
    CHECK(client.answers.check(next, ok(info, {}, "Proxy-Authentication-Info")) == Proof::genuine);
    break;
  }
  std::map<std::string, int> nonces;
  for (const auto& value : sent(client.authorized(request()), "Proxy-Authorization"))
    ++nonces[param(value, "nonce")];
  CHECK(nonces["3"] == 1);
  // Without a proof it is not known whose the next nonce is.
  client.answers.check(next, ok(R"(nextnonce="4")", {}, "Proxy-Authentication-Info"));
  for (const auto& value : sent(client.authorized(request()), "Proxy-Authorization"))
    CHECK(param(value, "nonce") != "4");
}

TEST_CASE("protection_spaces_max: the space not used for the longest time is forgotten first") {
  Client client;
  const auto visit = [&](std::size_t i) {
    const std::string host = std::to_string(i) + ".example";
    client.attempt = {};
    REQUIRE(client.answer(request("MESSAGE", host, "sip:" + host), challenge({plain})));
  };
  const auto known = [&](std::string_view uri) {
    return client.authorized(request("MESSAGE", "new", uri)).has("Authorization");
  };
  for (std::size_t i = 0; i < limits::protection_spaces_max; ++i) visit(i);
  CHECK(client.answers.spaces() == limits::protection_spaces_max);
  CHECK(known("sip:0.example"));
  visit(limits::protection_spaces_max);
  CHECK(client.answers.spaces() == limits::protection_spaces_max);
  CHECK(known("sip:0.example"));
  CHECK_FALSE(known("sip:1.example"));
}
