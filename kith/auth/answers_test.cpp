#include "kith/auth/answers.h"

#include <doctest/doctest.h>

#include "kith/auth/limits.h"
#include "kith/auth/testing/answering.h"
#include "kith/sip/header/cseq.h"

using namespace kith;
using namespace kith::auth;
using namespace kith::auth::testing;
using Reason = Unanswered::Reason;

TEST_CASE("RFC 3261 §22.2: the challenge there, answered by RFC 2617 §3.5's rules") {
  Client client;
  const sip::Message next = client.answered(
      {R"(Digest realm="biloxi.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",)"
       R"( opaque="5ccc069c403ebaf9f0171e9517f40e41")"});
  const sip::Authorization value = sent(next).at(0);
  CHECK(value.scheme == "Digest");
  CHECK(param(value, "username") == "bob");
  CHECK(param(value, "realm") == "biloxi.com");
  CHECK(param(value, "nonce") == "dcd98b7102dd2f0e8b11d0f600bfb0c093");
  CHECK(param(value, "uri") == "sip:bob@biloxi.com");
  CHECK(param(value, "qop") == "auth");
  CHECK(param(value, "nc") == "00000001");
  CHECK(param(value, "cnonce").size() == 32);
  CHECK(param(value, "opaque") == "5ccc069c403ebaf9f0171e9517f40e41");
  CHECK(param(value, "algorithm") == "-");
  CHECK(param(value, "userhash") == "-");
  CHECK(right(next, value, client.keyring.value));
  CHECK_FALSE(next.has("Proxy-Authorization"));
  CHECK(client.keyring.user == "bob@biloxi.com");
  CHECK(client.keyring.target == "sip:bob@biloxi.com");
}

TEST_CASE("RFC 3261 §8.1.3.5: the same request, its CSeq one higher, all else as it was") {
  Client client;
  sip::Message before = request();
  before.set_to_tag("of-a-dialog");
  before.set_body("application/sdp", "v=0\r\n");
  before.add("Authorization", R"(Kerberos realm="k", response="1")");
  before.add("Proxy-Authorization", R"(Digest realm="not ours", response="1")");
  const sip::Message next =
      client.answer(before, challenge({R"(Digest realm="r", nonce="n", qop="auth")"}))
          .value()
          .request;
  CHECK(next.get<sip::CSeq>().value()->sequence == 314160);
  CHECK(sent(next).size() == 2);
  sip::Message expected = before;
  expected.set(sip::CSeq{.sequence = 314160, .method = "INVITE"});
  expected.add("Authorization", next.texts("Authorization").at(1));
  CHECK(next == expected);
}

TEST_CASE("RFC 8760 §2.4: of each realm the strongest is answered, wherever it stands") {
  struct Row {
    std::vector<std::string_view> offers;
    std::string_view answered;
  };
  for (const Row& row : {
           Row{{"MD5", "SHA-256", "SHA-512-256"}, "SHA-512-256"},
           Row{{"SHA-512-256", "SHA-256", "MD5"}, "SHA-512-256"},
           Row{{"MD5", "sha-256", "SHA-1"}, "sha-256"},
           Row{{"MD5-sess", "SHA-256-sess"}, "SHA-256-sess"},
           Row{{"SHA-256-sess", "SHA-256"}, "SHA-256-sess"},
           Row{{"SHA-256", "SHA-256-sess"}, "SHA-256"},
           Row{{"SHA-1", "MD5"}, "MD5"},
       }) {
    Client client;
    sip::Message response = challenge({});
    for (const std::string_view offer : row.offers)
      response.add(
          "WWW-Authenticate",
          std::string(R"(Digest realm="r", nonce="n", qop="auth", algorithm=)").append(offer));
    const sip::Message next = client.answer(request(), response).value().request;
    REQUIRE(sent(next).size() == 1);
    CHECK(param(sent(next)[0], "algorithm") == row.answered);
    CHECK(right(next, sent(next)[0], client.keyring.value));
  }
}

TEST_CASE("RFC 7616 §3.4.2: without a password, what there is a verifier for is answered") {
  Client client;
  const std::string both =
      R"(Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256, Digest realm="r", nonce="n", qop="auth")";
  const Login login = client.keyring.value;
  client.keyring.value.password = {};
  client.keyring.value.ha1 = {
      {DigestAlgorithm::md5, digest_ha1(DigestAlgorithm::md5, "bob", "r", login.password)}};
  const sip::Message next = client.answered({both});
  CHECK(param(sent(next).at(0), "algorithm") == "-");
  CHECK(right(next, sent(next)[0], login));
  client.keyring.value.ha1 = {{DigestAlgorithm::sha512_256, crypto::Secret("00")}};
  client.attempt = {};
  CHECK(client.refusal(request(), challenge({both})) == Reason::no_login);
}

TEST_CASE("RFC 8760 §2.4: what is too weak for us is not answered") {
  Client client{.answers = Answers({.weakest = DigestAlgorithm::sha256})};
  CHECK(client.refusal(request(), challenge({R"(Digest realm="r", nonce="n", qop="auth")"})) ==
        Reason::no_challenge);
  CHECK(sent(client.answered({R"(Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256)"}))
            .size() == 1);
}

TEST_CASE("RFC 7616 §3.4.3: every qop that is offered can be answered, with the body if so asked") {
  struct Row {
    std::string_view offer;
    QopChoice choice;
    std::string_view answered;
  };
  using enum QopChoice;
  for (const Row& row :
       {Row{R"(, qop="auth")", auth_int, "auth"}, Row{R"(, qop="auth-int")", auth, "auth-int"},
        Row{R"(, qop="auth, auth-int")", auth, "auth"},
        Row{R"(, qop="auth,auth-int")", auth_int, "auth-int"}, Row{"", auth, "-"}}) {
    for (const std::string_view algorithm :
         {"MD5", "SHA-256", "SHA-512-256", "MD5-sess", "SHA-256-sess", "SHA-512-256-sess"}) {
      if (row.offer.empty() && algorithm.ends_with("-sess")) continue;
      for (const std::string_view body : {"", "v=0\r\n"}) {
        CAPTURE(row.offer);
        CAPTURE(algorithm);
        Client client{.answers = Answers({.qop = row.choice})};
        sip::Message before = request();
        if (!body.empty()) before.set_body("application/sdp", body);
        std::string line = R"(Digest realm="r", nonce="n", algorithm=)";
        line.append(algorithm).append(row.offer);
        sip::Message next = client.answer(before, challenge({line})).value().request;
        const sip::Authorization value = sent(next).at(0);
        CHECK(param(value, "qop") == row.answered);
        CHECK(right(next, value, client.keyring.value));
        next.set_body("application/sdp", "v=1\r\n");
        CHECK(right(next, value, client.keyring.value) == (row.answered != "auth-int"));
      }
    }
  }
}

TEST_CASE("RFC 3261 §22.4: without qop there is no cnonce and no nc, as in RFC 2069") {
  Client client;
  const sip::Message next =
      client.answered({R"(Digest realm="biloxi.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093")"});
  const sip::Authorization value = sent(next).at(0);
  CHECK(param(value, "cnonce") == "-");
  CHECK(param(value, "nc") == "-");
  CHECK(param(value, "qop") == "-");
  CHECK(param(value, "response") == "bf57e4e0d0bffc0fbaedce64d59add5e");
}

TEST_CASE("RFC 7616 §3.4: text in quotes is hashed without its escapes and goes back as it came") {
  Client client;
  client.keyring.value = {.username = R"(EXAMPLE\bob "b")", .password = crypto::Secret(R"(a"\b)")};
  const sip::Message next = client.answered(
      {R"(Digest realm="the \"inner\" \realm", nonce="n\\1\"", opaque="o\p\"", qop="auth")"});
  const std::string_view line = next.texts("Authorization").at(0);
  CHECK(line.contains(R"(realm="the \"inner\" \realm", nonce="n\\1\"",)"));
  CHECK(line.contains(R"(opaque="o\p\"")"));
  CHECK(line.contains(R"(username="EXAMPLE\\bob \"b\"")"));
  CHECK(right(next, sent(next).at(0), client.keyring.value));
  CHECK(param(sent(client.answered({R"(Digest realm="q", nonce="n", opaque="")"})).at(0), "opaque")
            .empty());
}

TEST_CASE("RFC 7616 §3.4.4, §3.9.2: a user name of UTF-8, hashed, encoded or as it is") {
  Client client;
  client.keyring.value = {.username = "Jäsøn Doe", .password = crypto::Secret("Secret, or not?")};
  const auto answered = [&](std::string_view more) {
    client = {.keyring = client.keyring};
    const sip::Message next = client.answered(
        {std::string(
             R"(Digest realm="api@example.org", nonce="n", qop="auth", algorithm=SHA-512-256)")
             .append(more)});
    CHECK(right(next, sent(next).at(0), client.keyring.value));
    return sent(next).at(0);
  };
  sip::Authorization value = answered(", charset=UTF-8, userhash=true");
  CHECK(param(value, "username") ==
        "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b");
  CHECK(param(value, "userhash") == "true");
  value = answered(", charset=UTF-8, userhash=false");
  CHECK(param(value, "username*") == "UTF-8''J%C3%A4s%C3%B8n%20Doe");
  CHECK(param(value, "username") == "-");
  CHECK(param(value, "userhash") == "-");
  CHECK(param(answered(""), "username") == "Jäsøn Doe");
  client.keyring.value.username = "plain";
  CHECK(param(answered(", charset=UTF-8"), "username") == "plain");
}

TEST_CASE("RFC 3261 §22.3: each realm of a chain of proxies gets its own, and keeps it") {
  Client client;
  const sip::Message second = client.answered({R"(Digest realm="p1", nonce="1", qop="auth")"}, 407);
  const sip::Message third =
      client.answer(second, challenge({R"(Digest realm="p2", nonce="2", qop="auth")"}, 407))
          .value()
          .request;
  const sip::Message fourth =
      client.answer(third, challenge({R"(Digest realm="s", nonce="3", qop="auth")"}))
          .value()
          .request;
  const std::vector<sip::Authorization> proxies = sent(fourth, "Proxy-Authorization");
  REQUIRE(proxies.size() == 2);
  std::map<std::string, std::string> counts;
  for (const sip::Authorization& value : proxies) {
    counts[param(value, "realm")] = param(value, "nc");
    CHECK(right(fourth, value, client.keyring.value));
  }
  // Each of the three requests is a new one for the first proxy: RFC 7616 §3.4
  CHECK(counts == std::map<std::string, std::string>{{"p1", "00000003"}, {"p2", "00000002"}});
  CHECK(sent(fourth).size() == 1);
  CHECK(fourth.get<sip::CSeq>().value()->sequence == 314162);
}

TEST_CASE("RFC 3261 §22.3: a forked request answers servers and proxies at once") {
  Client client;
  sip::Message response = challenge({R"(Digest realm="a", nonce="1", Digest realm="b", nonce="2")",
                                     R"(Digest realm="nowhere", nonce="9")"});
  response.add("Proxy-Authenticate", R"(Digest realm="a", nonce="3", qop="auth")");
  response.add("Proxy-Authenticate", R"(Digest realm="a", nonce="4", qop="auth")");
  const Answer answer = client.answer(request(), response).value();
  CHECK(sent(answer.request).size() == 2);
  CHECK(sent(answer.request, "Proxy-Authorization").size() == 2);
  CHECK(answer.without_login == std::vector<std::string>{"nowhere"});
}

TEST_CASE("RFC 3261 §22.1: credentials that were refused are not sent again") {
  Client client;
  const sip::Message next = client.answered({R"(Digest realm="r", nonce="1", qop="auth")"});
  SUBCASE("with the same nonce") {
    CHECK(client.refusal(next, challenge({R"(Digest realm="r", nonce="1", qop="auth")"})) ==
          Reason::refused);
  }
  SUBCASE("with another nonce") {
    CHECK(client.refusal(next, challenge({R"(Digest realm="r", nonce="2", qop="auth")"})) ==
          Reason::refused);
  }
  SUBCASE("nor while another realm could be answered") {
    CHECK(client.refusal(next, challenge({R"(Digest realm="new", nonce="1", qop="auth")",
                                          R"(Digest realm="r", nonce="2", qop="auth")"})) ==
          Reason::refused);
  }
  CHECK(client.answers.spaces() == 0);
  CHECK(sent(client.authorized(request())).empty());
  // Another password is another attempt.
  client.attempt = {};
  CHECK(client.answer(request(), challenge({R"(Digest realm="r", nonce="1", qop="auth")"})));
}

TEST_CASE("RFC 7616 §3.3: a stale nonce is answered once more, and nobody is asked") {
  Client client;
  const sip::Message first = client.answered({R"(Digest realm="r", nonce="1", qop="auth")"});
  const auto second =
      client.answer(first, challenge({R"(Digest realm="r", nonce="2", qop="auth", stale=true)"}));
  REQUIRE(second);
  CHECK(client.keyring.asked == 1);
  CHECK(sent(second->request).size() == 1);
  CHECK(param(sent(second->request)[0], "nonce") == "2");
  CHECK(param(sent(second->request)[0], "nc") == "00000001");
  CHECK(client.refusal(second->request,
                       challenge({R"(Digest realm="r", nonce="3", qop="auth", stale=true)"})) ==
        Reason::always_stale);
  CHECK(client.refusal(second->request,
                       challenge({R"(Digest realm="r", nonce="3", qop="auth", stale=false)"})) ==
        Reason::refused);
}

TEST_CASE("stale_answers_max: a realm that calls every nonce stale is given up") {
  Client client;
  sip::Message next = client.answered({R"(Digest realm="r", nonce="0", qop="auth")"});
  int answers = 0;
  for (; answers < 100; ++answers) {
    const std::string nonce = std::to_string(answers + 1);
    auto answer = client.answer(
        next, challenge({R"(Digest realm="r", qop="auth", stale=true, nonce=")" + nonce + '"'}));
    if (!answer) break;
    next = std::move(answer->request);
  }
  CHECK(answers == limits::stale_answers_max);
}

TEST_CASE("whatever a server does, a request is sent again turns_max times at most") {
  Client client;
  sip::Message next = request();
  int turns = 0;
  for (; turns < 100; ++turns) {
    const std::string line =
        "Digest realm=\"" + std::to_string(turns) + R"(", nonce="1", qop="auth", stale=true)";
    auto answer = client.answer(next, challenge({line}));
    if (!answer) {
      CHECK(answer.error().reason == Reason::too_many);
      break;
    }
    next = std::move(answer->request);
  }
  CHECK(turns == limits::turns_max);
}

TEST_CASE("request_credentials_max realms are answered in one request, and no more") {
  const auto asked = [](std::size_t realms) {
    Client client;
    sip::Message response = challenge({});
    for (std::size_t i = 0; i < realms; ++i)
      response.add("WWW-Authenticate", "Digest realm=\"" + std::to_string(i) + "\", nonce=\"n\"");
    return client.refusal(request(), response);
  };
  CHECK(asked(limits::request_credentials_max) == std::nullopt);
  CHECK(asked(limits::request_credentials_max + 1) == Reason::too_many);
}

TEST_CASE("RFC 3261 §22.1: what cannot be answered, and why") {
  const sip::Message good = challenge({R"(Digest realm="r", nonce="n", qop="auth")"});
  Client client;
  CHECK(client.refusal(request("ACK"), good) == Reason::not_repeatable);
  CHECK(client.refusal(request("CANCEL"), good) == Reason::not_repeatable);
  sip::Message last = request();
  last.set("CSeq", "2147483647 INVITE");
  CHECK(client.refusal(last, good) == Reason::not_repeatable);
  CHECK(client.refusal(request(), sip::Message::response(request(), 403)) == Reason::no_challenge);
  CHECK(client.refusal(request(), challenge({R"(Basic realm="r")"})) == Reason::no_challenge);
  CHECK(client.refusal(request(), challenge({R"(Digest realm="nowhere", nonce="n")"})) ==
        Reason::no_login);
  CHECK(client.attempt.turns == 0);
  client.keyring.value.username = "bob\r\nX-Injected: yes";
  CHECK(client.refusal(request(), good) == Reason::no_login);
  CHECK(client.answers.spaces() == 0);
  for (const Reason reason : {Reason::no_challenge, Reason::not_repeatable, Reason::no_login,
                              Reason::refused, Reason::always_stale, Reason::too_many})
    CHECK_FALSE(to_string(reason).empty());
}

TEST_CASE("RFC 3261 §22.1: an ACK repeats the credentials of its INVITE, and gets no others") {
  Client client;
  sip::Message invite = client.answered({R"(Digest realm="r", nonce="n", qop="auth")"});
  invite.add("Proxy-Authorization", R"(Digest realm="p", response="1")");
  invite.add("Proxy-Authorization", R"(Digest realm="q", response="2")");
  sip::Message ack = request("ACK");
  ack.add("Authorization", R"(Digest realm="old", response="3")");
  repeat_credentials(invite, ack);
  CHECK(ack.texts("Authorization") == invite.texts("Authorization"));
  CHECK(ack.texts("Proxy-Authorization") == invite.texts("Proxy-Authorization"));
  const sip::Message before = ack;
  CHECK(client.authorized(ack) == before);
  CHECK_FALSE(client.authorized(request("CANCEL")).has("Authorization"));
}
