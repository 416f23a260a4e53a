#include "kith/auth/digest_challenge.h"

#include <doctest/doctest.h>

#include "kith/auth/limits.h"
#include "kith/auth/testing/answering.h"

using namespace kith;
using namespace kith::auth;
using kith::auth::testing::challenge;

namespace {

using Lines = std::vector<std::string_view>;

std::optional<DigestChallenge> one(std::string_view line) {
  const std::vector<DigestChallenge> found = digest_challenges(challenge({line}));
  return found.empty() ? std::nullopt : std::optional(found.front());
}

}  // namespace

TEST_CASE("RFC 3261 §7.3.1: challenges on one line are told from their parameters") {
  CHECK(challenges_on_line(R"(Digest realm="a", nonce="1")") ==
        Lines{R"(Digest realm="a", nonce="1")"});
  CHECK(challenges_on_line(R"(Digest realm="a",nonce="1" , Digest  realm="b", nonce = "2")") ==
        Lines{R"(Digest realm="a",nonce="1")", R"(Digest  realm="b", nonce = "2")"});
  CHECK(challenges_on_line(R"(Digest realm="a, Digest realm=b, \", Digest x", nonce="1")").size() ==
        1);
  CHECK(challenges_on_line(R"(Negotiate, Digest realm="a", , nonce="1", NTLM)") ==
        Lines{"Negotiate", R"(Digest realm="a", , nonce="1")", "NTLM"});
  CHECK(challenges_on_line("") == Lines{""});
}

TEST_CASE("RFC 7616 §3.3: what a challenge says") {
  const DigestChallenge full =
      one(R"(DIGEST realm="a \"b\"", nonce="n", opaque="", qop="auth,auth-int",)"
          R"( algorithm=SHA-256-sess, stale=TRUE, userhash=true,)"
          R"( charset=utf-8, domain="sip:a.example sips:b.example")")
          .value();
  CHECK(full.realm_text == R"(a \"b\")");
  CHECK(full.realm() == R"(a "b")");
  CHECK(full.opaque_text == "");
  CHECK(full.variant == DigestVariant{.hash = DigestAlgorithm::sha256, .session = true});
  CHECK(full.has_qop);
  CHECK(full.auth);
  CHECK(full.auth_int);
  CHECK(full.stale);
  CHECK(full.userhash);
  CHECK(full.utf8);
  CHECK(full.domain == std::vector<std::string>{"sip:a.example", "sips:b.example"});
  const DigestChallenge least = one(R"(Digest realm="", nonce="n")").value();
  CHECK(least.variant == DigestVariant{});
  CHECK_FALSE(least.opaque_text);
  CHECK_FALSE(least.has_qop);
  CHECK_FALSE(least.stale);
  CHECK_FALSE(least.userhash);
  CHECK_FALSE(least.utf8);
}

TEST_CASE("RFC 7616 §3.3, RFC 3261 §22.4: a challenge that cannot be answered is passed over") {
  for (const std::string_view line : {
           R"(Basic realm="a")",
           "NoOneKnowsThisScheme opaque-data=here",
           R"(Kerberos realm="a", targetname="sip/a", nonce="n")",
           R"(Digest nonce="n", qop="auth")",
           R"(Digest realm="a", qop="auth")",
           R"(Digest realm="a", nonce="", qop="auth")",
           R"(Digest realm="a", nonce="n", algorithm=SHA-1, qop="auth")",
           R"(Digest realm="a", nonce="n", algorithm=AKAv1-MD5, qop="auth")",
           R"(Digest realm="a", nonce="n", qop="auth-conf")",
           R"(Digest realm="a", nonce="n", qop="")",
           R"(Digest realm="a", nonce="n", algorithm=MD5-sess)",
           R"(Digest realm="a", nonce="n)",
           "Digest",
           "",
       }) {
    CAPTURE(line);
    CHECK_FALSE(one(line));
  }
  CHECK(one(R"(Digest realm="a", nonce="n", qop="auth-conf, AUTH")"));
}

TEST_CASE("RFC 3261 §22.3: a response that was put together has challenges of both kinds") {
  sip::Message both = challenge({R"(Digest realm="server", nonce="1")"});
  both.add("Proxy-Authenticate", R"(Digest realm="proxy", nonce="2", domain="sip:a")");
  const std::vector<DigestChallenge> found = digest_challenges(both);
  REQUIRE(found.size() == 2);
  CHECK(found[0].challenger == Challenger::server);
  CHECK(found[1].challenger == Challenger::proxy);
  CHECK(found[1].domain.empty());  // RFC 7616 §3.3
}

TEST_CASE("challenges_max challenges of a response are looked at, whatever their scheme") {
  std::string line;
  for (std::size_t i = 1; i < limits::challenges_max; ++i) line += R"(Basic realm="b", )";
  CHECK(digest_challenges(challenge({line + R"(Digest realm="a", nonce="n")"})).size() == 1);
  CHECK(digest_challenges(challenge({line, R"(Basic realm="b")", R"(Digest realm="a", nonce="n")"}))
            .empty());
}

TEST_CASE("challenge_parameter_bytes_max: a longer realm, nonce or opaque is not answered") {
  for (const std::string_view name : {"realm", "nonce", "opaque"}) {
    CAPTURE(name);
    const auto with = [&](std::size_t size) {
      std::string line = "Digest";
      for (const std::string_view each : {"realm", "nonce", "opaque"})
        line.append(" ")
            .append(each)
            .append("=\"")
            .append(each == name ? size : 1, 'x')
            .append("\",");
      return one(line + " qop=\"auth\"").has_value();
    };
    CHECK(with(limits::challenge_parameter_bytes_max));
    CHECK_FALSE(with(limits::challenge_parameter_bytes_max + 1));
  }
}

TEST_CASE("domain_uris_max: no more URIs of a domain are kept") {
  std::string uris;
  for (std::size_t i = 0; i <= limits::domain_uris_max; ++i) uris += " sip:a.example";
  CHECK(one(R"(Digest realm="a", nonce="n", domain=")" + uris + '"')->domain.size() ==
        limits::domain_uris_max);
}
