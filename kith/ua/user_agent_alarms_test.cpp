#include <doctest/doctest.h>

#include <string>

#include "kith/ua/testing/line.h"

namespace kith::ua {
namespace {

using testing::Line;
using testing::to_bob;

struct Alerted : Line {
  using Line::Line;

  TransactionId invite(std::string_view extra = {}) {
    return alice.agent.request(alice.flow, to_bob("INVITE", extra), now);
  }
  sip::Message success() const {
    sip::Message response = sip::Message::response(bob.last<Request>().message, 200);
    response.add("Contact", "<sip:bob@127.0.0.1:6050>");
    return response;
  }
  void nothing_is_left() {
    wait(24h);
    CHECK(alice.agent.counts() == AgentCounts{});
    CHECK(bob.agent.counts() == AgentCounts{});
    CHECK(bob.agent.next_deadline() == never);
  }
};

UserAgentConfig manual() { return {.dialogs = DialogPolicy::manual}; }

TEST_CASE("RFC 3261 §13.3.1.4: who keeps no dialog is told when its 2xx is to be sent again") {
  Alerted line(manual(), manual());
  line.invite();
  line.settle();
  const TransactionId invite = line.bob.last<Request>().transaction;
  REQUIRE(line.bob.agent.alert_retransmissions(invite));
  const sip::Message success = line.success();
  REQUIRE(line.bob.agent.respond(invite, success, line.now));
  line.wait(4s);  // after 0.5, 1.5 and 3.5 s
  CHECK(line.bob.all<RetransmissionDue>().size() == 3);
  CHECK(line.bob.sent_of("SIP/2.0 200") == 1);
  REQUIRE(line.bob.agent.respond(invite, success, line.now));
  line.settle();
  CHECK(line.bob.sent_of("SIP/2.0 200") == 2);
  sip::Message ack = to_bob("ACK");
  SUBCASE("until the ACK") {
    line.alice.agent.forward(line.alice.flow, ack);
    line.wait(60s);
    CHECK(line.bob.all<RetransmissionDue>().size() == 3);
    CHECK_FALSE(line.bob.agent.respond(invite, success, line.now));
  }
  SUBCASE("not until that of another INVITE") {
    ack.set("CSeq", "2 ACK");
    line.alice.agent.forward(line.alice.flow, ack);
    line.wait(60s);
    CHECK(line.bob.all<RetransmissionDue>().size() == 10);
    CHECK_FALSE(line.bob.agent.respond(invite, success, line.now));
  }
  line.nothing_is_left();
}

TEST_CASE("RFC 3261 §13.3.1.4: what a dialog sends again is not alerted as well") {
  Alerted line({}, {});
  line.invite();
  line.settle();
  const TransactionId invite = line.bob.last<Request>().transaction;
  CHECK(line.bob.agent.alert_retransmissions(invite).error() == Error{Fault::duplicate, "dialog"});
  CHECK(line.bob.agent.alert_retransmissions({}).error() == Error{Fault::missing, "transaction"});
  line.alice.agent.request(line.alice.flow, to_bob("OPTIONS"), line.now);
  line.settle();
  CHECK(line.bob.agent.alert_retransmissions(line.bob.last<Request>().transaction).error() ==
        Error{Fault::missing, "transaction"});
}

TEST_CASE("an INVITE that has no response yet is told of, once, and only where that is so") {
  for (const bool silent : {true, false}) {
    CAPTURE(silent);
    Alerted line;
    line.alice.loses = [silent](std::string_view) { return silent; };
    const TransactionId invite = line.invite();
    REQUIRE(line.alice.agent.alert_if_calling(invite, 1s, line.now));
    line.wait(990ms);
    CHECK(line.alice.all<StillCalling>().empty());
    line.wait(10s);
    CHECK(line.alice.all<StillCalling>().size() == (silent ? 1U : 0U));
  }
  Alerted line;
  CHECK(line.alice.agent.alert_if_calling({}, 1s, line.now).error() ==
        Error{Fault::missing, "transaction"});
}

TEST_CASE("RFC 3261 §13.2.1: an INVITE without final response within its Expires is told of") {
  struct Case {
    int status;
    std::size_t told;
  };
  for (const Case& each : {Case{180, 1}, Case{486, 0}, Case{200, 0}}) {
    CAPTURE(each.status);
    Alerted line;
    line.invite("Expires: 60\r\n");
    line.settle();
    const Request request = line.bob.last<Request>();
    sip::Message response = sip::Message::response(request.message, each.status);
    response.add("Contact", "<sip:bob@127.0.0.1:6050>");
    REQUIRE(line.bob.agent.respond(request.transaction, response, line.now));
    line.wait(59s);
    CHECK(line.alice.all<InviteExpired>().empty());
    line.wait(2s);
    CHECK(line.alice.all<InviteExpired>().size() == each.told);
    line.wait(24h);
    CHECK(line.alice.agent.counts() == AgentCounts{});
  }
}

TEST_CASE("RFC 6665 §4.1.3: a NOTIFY without subscription is answered 481, or passed up") {
  for (const bool passed : {false, true}) {
    CAPTURE(passed);
    UserAgentConfig config;
    config.answers.unsolicited = !passed;
    for (const bool tagged : {false, true}) {
      Alerted line({}, config);
      sip::Message notify = to_bob("NOTIFY", "Event: presence\r\nSubscription-State: active\r\n");
      if (tagged) notify.set_to_tag("b1");
      line.alice.agent.request(line.alice.flow, notify, line.now);
      line.settle();
      CHECK(line.bob.all<Request>().size() == (passed ? 1U : 0U));
      CHECK(line.bob.sent_of("SIP/2.0 481") == (passed ? 0U : 1U));
    }
    Alerted line({}, config);
    sip::Message bye = to_bob("BYE");
    line.alice.agent.request(line.alice.flow, bye, line.now);
    line.settle();
    CHECK(line.bob.sent_of("SIP/2.0 481") == 1);
  }
}

TEST_CASE("RFC 3261 §16.11: a response that nothing waits for is dropped, or passed up") {
  for (const bool passed : {false, true}) {
    CAPTURE(passed);
    UserAgentConfig config;
    config.endpoint.passes_strays = passed;
    Alerted line({}, config);
    line.alice.agent.forward(
        line.alice.flow,
        *sip::Message::parse("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP "
                             "127.0.0.1:6050;branch=z9hG4bK00.x\r\nFrom: <sip:a@b>;tag=1\r\nTo: "
                             "<sip:c@d>;tag=2\r\nCall-ID: c1\r\nCSeq: 1 INVITE\r\n\r\n"));
    line.settle();
    CHECK(line.bob.all<ResponseElsewhere>().size() == (passed ? 1U : 0U));
    CHECK(line.bob.all<Refused>().size() == (passed ? 0U : 1U));
  }
}

TEST_CASE("an inspector sees what comes in and goes out, drops it and answers it") {
  std::vector<std::string> seen;
  Verdict verdict;
  Direction judged = Direction::in;
  UserAgentConfig config;
  config.endpoint.inspector = [&](Direction direction, const Flow&, std::string_view bytes) {
    seen.push_back((direction == Direction::in ? "in " : "out ") +
                   std::string{bytes.substr(0, 11)});
    return direction == judged ? verdict : Verdict{};
  };
  Alerted line({}, config);
  line.alice.agent.request(line.alice.flow, to_bob("OPTIONS"), line.now);
  SUBCASE("passes") {
    line.settle();
    const Request request = line.bob.last<Request>();
    const sip::Message response = sip::Message::response(request.message, 200);
    REQUIRE(line.bob.agent.respond(request.transaction, response, line.now));
    line.settle();
    CHECK(seen == std::vector<std::string>{"in OPTIONS sip", "out SIP/2.0 200"});
  }
  SUBCASE("drops") {
    verdict.what = Verdict::What::drop;
    line.settle();
    CHECK(line.bob.all<Request>().empty());
    CHECK(line.bob.sent.empty());
  }
  SUBCASE("answers") {
    verdict = {.what = Verdict::What::answer, .status = 603};
    line.settle();
    CHECK(line.bob.all<Request>().empty());
    CHECK(line.alice.last<Response>().message.status() == 603);
    // To an ACK, a response or nonsense there is no answer.
    line.alice.agent.forward(line.alice.flow, to_bob("ACK"));
    line.settle();
    CHECK(line.bob.sent_of("SIP/2.0 603") == 1);
  }
  SUBCASE("drops what goes out") {
    judged = Direction::out;
    verdict.what = Verdict::What::drop;
    line.settle();
    const Request request = line.bob.last<Request>();
    const sip::Message response = sip::Message::response(request.message, 200);
    REQUIRE(line.bob.agent.respond(request.transaction, response, line.now));
    line.settle();
    CHECK(line.alice.all<Response>().empty());
  }
}

}  // namespace
}  // namespace kith::ua
