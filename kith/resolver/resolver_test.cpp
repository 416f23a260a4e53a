#include "kith/resolver/resolver.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "kith/base/random.h"
#include "kith/location/location.h"
#include "kith/resolver/limits.h"
#include "kith/resolver/test/dns_server.h"

namespace kith::resolver {
namespace {

using namespace kith::location;
using Over = DnsServer::Over;
using Asked = DnsServer::Asked;

constexpr const char* zone = R"(
  example.com             60 NAPTR 50 50 s SIP+D2T _sip._tcp.example.com
  _sip._tcp.example.com   60 SRV   0 1 5070 a.example.com
  a.example.com           60 A     192.0.2.1
  a.example.com           60 AAAA  2001:db8::1
  www.example.com         60 CNAME a.example.com
  none.example.com        60 SOA   77
  sick.example.com        60 A     SERVFAIL
)";

struct Lab {
  net::Reactor reactor;
  DnsServer server{reactor, zone};
  std::vector<std::pair<Question, Answer>> answers;
  Resolver resolver;

  explicit Lab(Duration timeout = 2s, int tries = 2)
      : resolver(reactor, {.servers = {server.address()}, .timeout = timeout, .tries = tries},
                 [this](const Question& question, const Answer& answer) {
                   answers.emplace_back(question, answer);
                 }) {}

  Answer ask(const std::string& name, RecordType type) {
    answers.clear();
    resolver.ask({name, type});
    CHECK(answers.empty());  // never from inside of the call
    REQUIRE(reactor.run_until([this] { return !answers.empty(); }, reactor.now() + 20s));
    CHECK(answers.size() == 1);
    CHECK(answers[0].first == Question{name, type});
    return answers[0].second;
  }
};

TEST_CASE("RFC 3263 §4: from a URI to its targets over a real socket: NAPTR, SRV, AAAA and A") {
  Lab lab;
  SeededRandom random(1);
  Location location({}, random);
  Resolver resolver(lab.reactor, {.servers = {lab.server.address()}},
                    [&](const Question& question, const Answer& answer) {
                      location.answer(question, answer, lab.reactor.now());
                    });
  std::string found;
  const auto drain = [&] {
    while (std::optional<Output> output = location.poll()) {
      if (const auto* ask = std::get_if<Ask>(&*output)) resolver.ask(ask->question);
      if (const auto* next = std::get_if<Found>(&*output)) {
        Play::append(found, to_string(next->target));
        location.failed(next->search, Failure::timed_out, lab.reactor.now());
      }
      if (const auto* end = std::get_if<Exhausted>(&*output))
        Play::append(found, to_string(end->why));
    }
    return found.ends_with("all_failed");
  };
  location.start(Request{.uri = sip::Uri::parse("sip:alice@example.com").value()},
                 lab.reactor.now());
  REQUIRE(lab.reactor.run_until(drain, lab.reactor.now() + 20s));
  CHECK(found == "TCP [2001:db8::1]:5070, TCP 192.0.2.1:5070, all_failed");
  CHECK(lab.server.asked ==
        "example.com NAPTR udp, _sip._tcp.example.com SRV udp, a.example.com AAAA udp, "
        "a.example.com A udp");
}

TEST_CASE("RFC 1035 §4.1: answers come as they were sent, aliases and negative ones, too") {
  Lab lab;
  const Address one = Address::v4(192, 0, 2, 1, 0);
  CHECK(lab.ask("www.example.com", RecordType::a) ==
        Answer{.records = {{"www.example.com", 60s, Cname{"a.example.com"}},
                           {"a.example.com", 60s, one}}});
  CHECK(lab.ask("none.example.com", RecordType::a) ==
        Answer{.code = AnswerCode::no_such_name, .negative_ttl = 77s});
  CHECK(lab.ask("a.example.com", RecordType::srv) == Answer{});
}

TEST_CASE("RFC 1035 §4.2.1: an answer that was cut off is asked for by TCP") {
  Lab lab;
  lab.server.answer = [&](const Asked& asked) -> std::optional<std::string> {
    constexpr unsigned truncated = 0x0200;
    if (asked.over == Over::udp) return reply_to(asked.question, {}, truncated);
    return lab.server.zone_reply(asked.question);
  };
  CHECK(lab.ask("a.example.com", RecordType::a).records.size() == 1);
  CHECK(lab.server.asked == "a.example.com A udp, a.example.com A tcp");
}

TEST_CASE("resolver: a question that is lost is asked again; after all tries it timed out") {
  Lab lab(50ms, 2);
  lab.server.answer = [&](const Asked& asked) -> std::optional<std::string> {
    if (asked.times == 1 || asked.question.name == "lost.example.com") return std::nullopt;
    return lab.server.zone_reply(asked.question);
  };
  CHECK(lab.ask("a.example.com", RecordType::a).records.size() == 1);
  CHECK(lab.ask("lost.example.com", RecordType::a) == Answer{.code = AnswerCode::timed_out});
  CHECK(lab.server.asked ==
        "a.example.com A udp, a.example.com A udp, lost.example.com A udp, lost.example.com A udp");
}

TEST_CASE("resolver: SERVFAIL, REFUSED, and what cannot be read are failures of the server") {
  Lab lab;
  CHECK(lab.ask("sick.example.com", RecordType::a) == Answer{.code = AnswerCode::server_failure});
  lab.server.answer = [](const Asked& asked) -> std::optional<std::string> {
    if (asked.question.name == "refused.example") return reply_to(asked.question, {}, 5);
    std::string reply =
        reply_to(asked.question, {.records = {{"x", 60s, Address::v4(192, 0, 2, 1, 0)}}});
    return reply.substr(0, reply.size() - 3);
  };
  for (const char* name : {"refused.example", "garbage.example"})
    CHECK(lab.ask(name, RecordType::a) == Answer{.code = AnswerCode::server_failure});
}

TEST_CASE("resolver: bytes that are no reply to the question are no answer to it") {
  Lab lab(50ms, 2);
  lab.server.answer = [&](const Asked& asked) -> std::optional<std::string> {
    if (asked.times > 1) return lab.server.zone_reply(asked.question);
    return reply_to({"other.example", RecordType::a}, {});
  };
  CHECK(lab.ask("a.example.com", RecordType::a).records.size() == 1);
  lab.server.answer = [](const Asked&) -> std::optional<std::string> { return "nonsense"; };
  CHECK(lab.ask("b.example.com", RecordType::a) == Answer{.code = AnswerCode::timed_out});
}

TEST_CASE(
    "resolver: a name that cannot be asked for, and a server that is not there, are answered") {
  Lab lab(50ms, 2);
  CHECK(lab.ask(std::string(70, 'n') + ".example", RecordType::a).code ==
        AnswerCode::server_failure);
  CHECK(lab.server.asked.empty());
  Address nobody;
  {
    const DnsServer gone(lab.reactor, "");
    nobody = gone.address();
  }
  std::optional<AnswerCode> code;
  Resolver other(lab.reactor, {.servers = {nobody}, .timeout = 50ms, .tries = 2},
                 [&](const Question&, const Answer& answer) { code = answer.code; });
  other.ask({"a.example", RecordType::a});
  REQUIRE(lab.reactor.run_until([&] { return code.has_value(); }, lab.reactor.now() + 20s));
  CHECK(code != AnswerCode::answered);
  CHECK(code != AnswerCode::no_such_name);
}

TEST_CASE("resolver: it may be destroyed with questions open, and is not heard of again") {
  net::Reactor reactor;
  DnsServer server(reactor, zone);
  int answers = 0;
  {
    Resolver resolver(reactor, {.servers = {server.address()}},
                      [&](const Question&, const Answer&) { ++answers; });
    resolver.ask({"a.example.com", RecordType::a});
  }
  CHECK_FALSE(reactor.run_until([&] { return answers != 0; }, reactor.now() + 20ms));
}

TEST_CASE("resolver: over questions_max, a question is answered at once") {
  net::Reactor reactor;
  DnsServer server(reactor, zone);
  server.answer = [](const Asked&) -> std::optional<std::string> { return std::nullopt; };
  std::vector<Answer> answers;
  Resolver resolver(reactor, {.servers = {server.address()}, .timeout = 1h},
                    [&](const Question&, const Answer& answer) { answers.push_back(answer); });
  for (std::size_t i = 0; i <= questions_max; ++i) resolver.ask({"a.example", RecordType::a});
  REQUIRE(reactor.run_until([&] { return !answers.empty(); }, reactor.now() + 20s));
  CHECK(answers == std::vector{Answer{.code = AnswerCode::server_failure}});
}

}  // namespace
}  // namespace kith::resolver
