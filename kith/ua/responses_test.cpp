// Responses that are not what was asked for, come again, or cannot go back.
#include <doctest/doctest.h>

#include <string>

#include "kith/sip/headers.h"
#include "kith/ua/testing/line.h"

namespace kith::ua {
namespace {

using testing::Line;
using testing::to_bob;

/// Alice asks, and what Bob's user agent says is heard only where the test lets it.
struct Talk : Line {
  Talk() {
    bob.loses = [this](std::string_view) { return holds; };
  }
  bool holds = false;

  TransactionId ask(std::string_view method, std::string_view extra = {}) {
    const TransactionId id = alice.agent.request(alice.flow, to_bob(method, extra), now);
    settle();
    return id;
  }
  sip::Message answer_of(int status) const {
    sip::Message response = sip::Message::response(bob.last<Request>().message, status);
    response.add("Contact", "<sip:bob@127.0.0.1:6050>");
    return response;
  }
  void answer(int status) {
    REQUIRE(bob.agent.respond(bob.last<Request>().transaction, answer_of(status), now));
    settle();
  }
  void answer_reliably(int status) {
    REQUIRE(bob.agent.respond_reliably(bob.last<Request>().transaction, answer_of(status), now));
    settle();
  }
  /// What Bob said last, with this instead of that.
  void alice_hears(std::string_view that, std::string_view instead) {
    std::string bytes = bob.sent.back();
    REQUIRE(bytes.contains(that));
    bytes.replace(bytes.find(that), that.size(), instead);
    alice.agent.receive(alice.flow, bytes, now);
    settle();
  }
};

TEST_CASE("RFC 3261 §17.1.3: a response with our branch and another Call-ID or tag is dropped") {
  struct Row {
    std::string_view that, instead, where;
  };
  for (const Row& row :
       {Row{"Call-ID: c1", "Call-ID: c2", "Call-ID"}, Row{"Call-ID: c1", "Call-ID: C1", "Call-ID"},
        Row{";tag=a1", ";tag=a2", "From"}, Row{";tag=a1", "", "From"}}) {
    for (const std::string_view method : {"MESSAGE", "INVITE"}) {
      CAPTURE(row.instead);
      Talk talk;
      talk.ask(method);
      talk.holds = true;
      talk.answer(486);
      talk.alice_hears(row.that, row.instead);
      CHECK(talk.alice.all<Response>().empty());
      CHECK(talk.alice.last<Refused>().error == Error{Fault::malformed, row.where});
      talk.alice_hears("486", "486");  // the true one finds its transaction as it was
      CHECK(talk.alice.last<Response>().message.status() == 486);
    }
  }
}

TEST_CASE("RFC 3261 §8.1.3.3: a response with a Via below ours is dropped") {
  for (const std::string_view via :
       {"Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKx\r\n", "v: SIP/2.0/UDP 192.0.2.9\r\n",
        "Via: SIP/2.0/TCP a.example.com, SIP/2.0/UDP 192.0.2.9\r\n", "Via: nonsense\r\n"}) {
    CAPTURE(via);
    Talk talk;
    talk.ask("MESSAGE");
    talk.holds = true;
    talk.answer(200);
    talk.alice_hears("From:", std::string{via} + "From:");
    CHECK(talk.alice.all<Response>().empty());
    CHECK(talk.alice.last<Refused>().error == Error{Fault::too_many, "Via"});
    talk.alice_hears("From:", "From:");  // the true one finds its transaction as it was
    CHECK(talk.alice.last<Response>().message.status() == 200);
  }
}

TEST_CASE("RFC 3261 §16.7: what was forwarded has the Via of who asked, and so has its response") {
  Talk talk;
  talk.ask("MESSAGE", "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKx\r\n");
  talk.answer(200);
  CHECK(talk.alice.last<Response>().message.texts("Via").size() == 2);
}

TEST_CASE("RFC 3261 §17.1.3: an Objection of the layer above is heard as well") {
  UserAgentConfig config;
  config.endpoint.objection = [](TransactionId, const sip::Message& response) {
    return response.status() == 486 ? std::optional{Error{Fault::unsupported, "486"}}
                                    : std::nullopt;
  };
  Line line(config);
  sip::Message request = sip::Message::request("MESSAGE", "sip:bob@127.0.0.1:6050");
  for (const auto& [name, value] : {std::pair{"From", "<sip:a@a>;tag=1"},
                                    {"To", "<sip:b@b>"},
                                    {"Call-ID", "c"},
                                    {"CSeq", "1 MESSAGE"}})
    request.add(name, value);
  line.alice.agent.request(line.alice.flow, std::move(request), line.now);
  line.settle();
  const Request& asked = line.bob.last<Request>();
  REQUIRE(line.bob.agent.respond(asked.transaction, sip::Message::response(asked.message, 486),
                                 line.now));
  line.settle();
  CHECK(line.alice.all<Response>().empty());
  CHECK(line.alice.last<Refused>().error.where == "486");
}

TEST_CASE(
    "RFC 3262 §4: a reliable provisional response is passed up once, however often it comes") {
  Talk talk;
  talk.ask("INVITE", "Supported: 100rel\r\n");
  talk.answer_reliably(183);
  talk.wait(8s);
  CHECK(talk.bob.sent_of("SIP/2.0 183") == 5);
  CHECK(talk.alice.all<Response>().size() == 1);
  CHECK(talk.alice.all<Refused>().empty());
  const Response ringing = talk.alice.last<Response>();
  REQUIRE(talk.alice.agent.prack(*ringing.dialog, ringing.message, talk.now));
  talk.settle();
  talk.answer(200);  // of the PRACK
  CHECK(talk.alice.last<Response>().message.text("CSeq") == "2 PRACK");
}

TEST_CASE("RFC 3262 §4: a reliable provisional response that overtook another waits for it") {
  Talk talk;
  talk.ask("INVITE", "Supported: 100rel\r\n");
  talk.holds = true;
  talk.answer_reliably(183);
  const auto numbered = [&](std::string_view number) {
    talk.alice_hears("RSeq: 1\r\n", "RSeq: " + std::string{number} + "\r\n");
    return talk.alice.all<Response>().size();
  };
  CHECK(numbered("5") == 1);
  CHECK(numbered("7") == 1);
  CHECK(talk.alice.last<Refused>().error == Error{Fault::missing, "RSeq"});
  CHECK(numbered("4") == 1);
  CHECK(talk.alice.all<Refused>().size() == 1);
  CHECK(numbered("6") == 2);
  CHECK(numbered("6") == 2);
  CHECK(numbered("7") == 3);
  // A fork has numbers of its own.
  const std::string tag =
      talk.alice.agent.dialog(*talk.alice.last<Response>().dialog)->remote_tag();
  talk.alice_hears(tag, "other");
  CHECK(talk.alice.all<Response>().size() == 4);
}

TEST_CASE("RFC 3261 §9.1: what answers our CANCEL is passed up, and its end is told") {
  Talk talk;
  const TransactionId invite = talk.ask("INVITE");
  CHECK_FALSE(talk.alice.agent.cancel(invite, talk.now));  // nothing provisional came
  talk.answer(180);
  const std::optional<TransactionId> cancel = talk.alice.agent.cancel(invite, talk.now);
  REQUIRE(cancel);
  talk.settle();
  int answers = 0;
  for (const Response& each : talk.alice.all<Response>())
    if (each.transaction == *cancel) {
      ++answers;
      CHECK(each.message.status() == 200);
      CHECK(each.message.text("CSeq") == "1 CANCEL");
    }
  CHECK(answers == 1);
  CHECK_FALSE(talk.alice.agent.cancel(invite, talk.now));
  talk.wait(24h);
  int ends = 0;
  for (const TransactionEnded& each : talk.alice.all<TransactionEnded>())
    ends += each.transaction == *cancel ? 1 : 0;
  CHECK(ends == 1);
  CHECK(talk.alice.agent.counts() == AgentCounts{});
  CHECK_FALSE(talk.alice.agent.cancel({77}, talk.now));
}

// ---- What cannot go back ------------------------------------------------------------------------

/// A user agent that is asked over a connection.
struct Asked : testing::Heard<Event> {
  explicit Asked(bool outlives, std::string_view via = "127.0.0.1:7000",
                 Transport tcp = Transport::tcp)
      : flow{.id = 9,
             .transport = tcp,
             .local = *Address::parse_host("127.0.0.1", 5060),
             .remote = *Address::parse_host("127.0.0.1", 40'000)},
        agent({.endpoint = {.outlives_connections = outlives}}, random) {
    agent.opened(flow, now);
    ask("INVITE", via, "1");
  }

  Flow flow;
  SeededRandom random{1};
  UserAgent agent;
  Time now = testing::start;
  std::vector<Send> sent{};

  void ask(const std::string& method, std::string_view via, const std::string& branch) {
    std::string text = method + " sip:bob@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP ";
    text.append(via).append(";branch=z9hG4bK" + branch + "\r\nFrom: <sip:a@a>;tag=1\r\n");
    text += "To: <sip:b@b>\r\nCall-ID: c" + branch + "\r\nCSeq: 1 " + method;
    text += "\r\nContact: <sip:a@127.0.0.1>\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
    agent.receive(flow, text, now);
    drain();
  }
  void drain() {
    while (std::optional<AgentOutput> output = agent.poll()) {
      if (auto* send = std::get_if<Send>(&*output)) sent.push_back(std::move(*send));
      if (auto* event = std::get_if<Event>(&*output)) events.push_back(std::move(*event));
    }
  }
  void cut() {
    agent.closed(flow, std::make_error_code(std::errc::connection_reset), now);
    drain();
  }
  Result<void> answer(int status) {
    const Request request = all<Request>().front();
    sip::Message response = sip::Message::response(request.message, status);
    response.add("Contact", "<sip:b@127.0.0.1>");
    const Result<void> answered = agent.respond(request.transaction, std::move(response), now);
    drain();
    return answered;
  }
};

TEST_CASE("RFC 3261 §18.2.2: a response whose connection is gone says where it is to go") {
  struct Row {
    std::string_view via;
    Transport transport;
    std::string_view host;
    std::uint16_t port;
  };
  for (const Row& row : {Row{"127.0.0.1:7000", Transport::tcp, "127.0.0.1", 7000},
                         Row{"127.0.0.1", Transport::tcp, "127.0.0.1", 5060},
                         Row{"127.0.0.1", Transport::tls, "127.0.0.1", 5061},
                         Row{"a.example.com:7000", Transport::tcp, "127.0.0.1", 7000}}) {
    CAPTURE(row.via);
    Asked asked(true, row.via, row.transport);
    asked.cut();
    CHECK(asked.all<TransactionEnded>().empty());
    REQUIRE(asked.answer(486));
    const std::vector<ReplyStranded> replies = asked.all<ReplyStranded>();
    REQUIRE(replies.size() == 1);
    CHECK(replies[0].host == row.host);
    CHECK(replies[0].port == row.port);
    CHECK(replies[0].flow == asked.flow);
    CHECK(replies[0].bytes.starts_with("SIP/2.0 486"));
    CHECK(asked.sent.empty());
  }
}

TEST_CASE("RFC 3261 §18.2.2: unless it is asked for, a request ends with its connection") {
  Asked asked(false);
  asked.cut();
  REQUIRE(asked.all<TransactionEnded>().size() == 1);
  CHECK(asked.all<TransactionEnded>()[0].why == Ending::transport_error);
  CHECK(asked.all<TransactionEnded>()[0].error == std::errc::connection_reset);
  CHECK(asked.answer(486).error() == Error{Fault::missing, "transaction"});
  CHECK(asked.all<ReplyStranded>().empty());
}

TEST_CASE(
    "RFC 3261 §18.2.2: a call goes on over another connection, and ends in time without one") {
  Asked asked(true);
  asked.cut();
  REQUIRE(asked.answer(200));
  CHECK(asked.all<ReplyStranded>().size() == 1);
  // The 2xx is sent again, and each time there is somebody to take it.
  asked.now += 600ms;
  asked.agent.tick(asked.now);
  asked.drain();
  CHECK(asked.all<ReplyStranded>().size() == 2);
  Flow other = asked.flow;
  other.id = 10;
  asked.agent.opened(other, asked.now);
  const std::optional<DialogId> dialog = asked.agent.find([&] {
    const auto answer = sip::Message::parse(asked.all<ReplyStranded>()[0].bytes);
    sip::Join join;
    join.call_id = "c1";
    join.params.set("to-tag", *answer->get<sip::To>()->value().tag());
    join.params.set("from-tag", "1");
    return join;
  }());
  REQUIRE(dialog);
  asked.agent.use(*dialog, other);
  REQUIRE(asked.agent.send(*dialog, *asked.agent.draft(*dialog, "BYE"), asked.now));
  asked.drain();
  REQUIRE(asked.sent.size() == 1);
  CHECK(asked.sent[0].flow == other);
  asked.agent.use({77}, other);  // none of that number
  while (asked.agent.next_deadline() < asked.now + 24h) {
    asked.now = std::max(asked.now, asked.agent.next_deadline());
    asked.agent.tick(asked.now);
    asked.drain();
  }
  asked.agent.closed(other, {}, asked.now);
  asked.drain();
  CHECK(asked.agent.counts() == AgentCounts{});
}

}  // namespace
}  // namespace kith::ua
