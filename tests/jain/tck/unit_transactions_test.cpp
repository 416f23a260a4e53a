// The behavioural tests of the reference implementation that are about transactions and messages.

#include "tests/jain/tck/net.h"

namespace kith::ua::tck {
namespace {

TEST_CASE("CancelEventTest: CANCEL has a transaction of its own, and both end without time-out") {
  over_both([](Transport transport) {
    Call call(transport);
    const TransactionId invite = call.ask();
    call.answer(180);
    const auto cancel = call.alice.agent.cancel(invite, call.net.now);
    REQUIRE(cancel);
    CHECK(*cancel != invite);
    call.net.settle();
    CHECK(call.alice.last_status() == 487);
    call.net.wait(60s);
    for (const Node* const node : {&call.alice, &call.bob}) {
      CHECK_FALSE(node->all<TransactionEnded>().empty());
      for (const TransactionEnded& each : node->all<TransactionEnded>())
        CHECK(each.why == Ending::complete);
    }
  });
}

TEST_CASE("ClientTransactionCallingAlertTest: a silent peer is told of after 2 * T1") {
  over_both([](Transport transport) {
    Call call(transport);
    silence(call.bob);
    const TransactionId invite =
        call.ask({.extra = "Reason: SIP;cause=600\r\nReason: Q.850;cause=1\r\n"
                           "Reason: preemption;cause=1\r\n"});
    REQUIRE(call.alice.agent.alert_if_calling(invite, 1s, call.net.now));
    call.net.wait(1100ms);
    CHECK(call.alice.last<StillCalling>().invite == invite);
    call.expect(invite, State::calling);
    CHECK(call.bob.last<Request>().message.texts("Reason").size() == 3);
  });
}

TEST_CASE("CtxExpiredTest: an INVITE that rings longer than its Expires is told of") {
  over_both([](Transport transport) {
    Call call(transport);
    const TransactionId invite = call.ask({.extra = "Expires: 5\r\n"});
    CHECK(call.alice.agent.counts().dialogs == 0);
    call.answer(180);
    call.net.wait(6s);
    CHECK(call.alice.last<InviteExpired>().invite == invite);
    call.expect(invite, State::proceeding);
    CHECK(call.alice.agent.cancel(invite, call.net.now));
    call.net.settle();
    CHECK(call.alice.last_status() == 487);
  });
}

TEST_CASE("DeliverRequestEventWithBadHeaderTest: a malformed Date stops no INVITE") {
  over_both([](Transport transport) {
    Call call(transport);
    call.ask({.extra = "Date: yesterday, about noon\r\n"});
    const Request request = call.bob.last<Request>();
    CHECK(request.message.text("Date") == "yesterday, about noon");
    CHECK_FALSE(request.message.get<sip::Date>());
    call.answer(200);
    CHECK(call.alice.last_status() == 200);
  });
}

TEST_CASE(
    "DeliverUnsolicitedNotifyTest: a NOTIFY of no subscription is passed up, or has its 481") {
  over_both([](Transport transport) {
    for (const bool passed : {true, false}) {
      CAPTURE(passed);
      UserAgentConfig config;
      config.answers.unsolicited = !passed;
      Call call(transport, {}, config);
      call.ask({.method = "NOTIFY", .extra = "Event: x\r\nSubscription-State: active\r\n"});
      CHECK(call.bob.request_count("NOTIFY") == (passed ? 1U : 0U));
      CHECK(call.bob.sent_of("SIP/2.0 481") == (passed ? 0U : 1U));
    }
  });
}

TEST_CASE("MultipleContactsTest: a REGISTER with two Contacts keeps both, in order") {
  over_both([](Transport transport) {
    Call call(transport);
    sip::Message request = request_of(call.alice, call.bob, {.method = "REGISTER"});
    request.remove("Contact");
    request.add("Contact", "<sip:one@a.example>");
    request.add("Contact", "<sip:two@a.example>");
    call.alice.agent.request(call.net.flow(call.alice, call.bob), request, call.net.now);
    call.net.settle();
    const auto contacts = call.bob.last<Request>().message.all<sip::Contact>();
    REQUIRE(contacts);
    REQUIRE(contacts->size() == 2);
    CHECK(contacts->front().uri == *sip::Uri::parse("sip:one@a.example"));
    CHECK(contacts->back().uri == *sip::Uri::parse("sip:two@a.example"));
  });
}

TEST_CASE("RejectInvalidResponseTest: a response to another method is of no transaction") {
  over_both([](Transport transport) {
    Call call(transport);
    call.ask();
    call.bob.agent.forget(call.bob.last<Request>().transaction);
    sip::Message response = sip::Message::response(call.bob.last<Request>().message, 200);
    response.set_to_tag("b1");
    response.set("CSeq", "1 MESSAGE");
    silence(call.alice);
    call.net.inject(call.bob, call.alice, response.write());
    CHECK(call.alice.all<Response>().empty());
    CHECK(call.alice.last<Refused>().error == Error{Fault::missing, "transaction"});
    call.net.wait(33s);
    CHECK(call.alice.last<TransactionEnded>().why == Ending::timed_out);
  });
}

TEST_CASE("ServerTransactionRetransmissionTimerTest.lateAck: the 200 comes again, and says so") {
  over_both([](Transport transport) {
    Call call(transport);
    call.ask();
    call.answer(200);
    CHECK_FALSE(call.alice.last<Response>().repeated);
    call.net.wait(4s);
    CHECK(call.bob.sent_of("SIP/2.0 200") == 4);
    const std::vector<Response> seen = call.alice.all<Response>();
    CHECK(std::count_if(seen.begin(), seen.end(), [](const auto& each) { return each.repeated; }) ==
          3);
    call.acknowledge();
    call.net.wait(20s);
    CHECK(call.bob.sent_of("SIP/2.0 200") == 4);
  });
}

TEST_CASE("ServerTransactionRetransmissionTimerTest.noAck: after 64 * T1 nothing is remembered") {
  over_both([](Transport transport) {
    Call call(transport);
    call.ask();
    call.answer(200);
    call.net.wait(33s);
    CHECK(call.bob.sent_of("SIP/2.0 200") == 11);
    CHECK(call.bob.last<DialogEnded>().why == DialogEnding::ack_never_came);
    call.net.nothing_is_left();
  });
}

TEST_CASE("ServerTransactionRetransmissionTimerTest.alerts: the same where there is no dialog") {
  over_both([](Transport transport) {
    Call call(transport, {}, {.dialogs = DialogPolicy::manual});
    call.ask();
    REQUIRE(call.bob.agent.alert_retransmissions(call.bob.last<Request>().transaction));
    call.answer(200);
    call.net.wait(33s);
    CHECK(call.bob.all<RetransmissionDue>().size() == 10);
    CHECK(call.bob.sent_of("SIP/2.0 200") == 1);
    call.net.nothing_is_left();
  });
}

TEST_CASE("SetRetransmissionTimerTest: T1 of one transaction is that of its 2xx, and of no other") {
  over_both([](Transport transport) {
    Call call(transport);
    std::map<std::string, int> sent;  // by Call-ID
    for (const std::string_view call_id : {"changed", "unchanged"}) {
      call.ask({.call_id = call_id});
      if (call_id == "changed")
        REQUIRE(call.bob.agent.set_timers(call.bob.last<Request>().transaction, {.t1 = 100ms},
                                          call.net.now));
      call.answer(200);
    }
    call.net.wait(720ms);
    for (const std::string& each : call.bob.sent)
      if (each.starts_with("SIP/2.0 200"))
        ++sent[std::string{sip::Message::parse(each)->text("Call-ID")}];
    CHECK(sent["changed"] == 4);    // after 100, 300 and 700 ms
    CHECK(sent["unchanged"] == 2);  // after 500 ms
  });
}

TEST_CASE("SIPEventInterceptorTest: an inspector sees each message, in and out") {
  over_both([](Transport transport) {
    std::vector<std::string> seen;
    UserAgentConfig config;
    config.endpoint.inspector = [&](Direction direction, const Flow&, std::string_view bytes) {
      seen.push_back((direction == Direction::in ? "in " : "out ") +
                     std::string{bytes.substr(0, 11)});
      return Verdict{};
    };
    Call call(transport, {}, config);
    call.ask({.method = "OPTIONS"});
    call.answer(200);
    CHECK(seen == std::vector<std::string>{"in OPTIONS sip", "out SIP/2.0 200"});
  });
}

TEST_CASE("SIPMessageValveTest: what an inspector answers is not seen by who is called") {
  over_both([](Transport transport) {
    UserAgentConfig config;
    config.endpoint.inspector = [](Direction direction, const Flow&, std::string_view bytes) {
      const bool invite = direction == Direction::in && bytes.starts_with("INVITE");
      return invite ? Verdict{.what = Verdict::What::answer, .status = 603} : Verdict{};
    };
    Call call(transport, {}, config);
    call.ask();
    CHECK(call.alice.last_status() == 603);
    CHECK(call.bob.all<Request>().empty());
    call.net.nothing_is_left();
  });
}

TEST_CASE("TransactionAlreadyExistsExceptionTest: an INVITE that comes again is seen once") {
  over_both([](Transport transport) {
    Call call(transport);
    call.ask();
    for (int i = 0; i < 3; ++i) call.net.inject(call.alice, call.bob, call.alice.sent.front());
    CHECK(call.bob.all<Request>().size() == 1);
    call.answer(200);
    call.acknowledge();
    call.hang_up(call.alice, call.alices());
  });
}

TEST_CASE("UdpPrackTimeoutTest: a 183 without PRACK is told of, and 500 refuses the call") {
  Call call;
  call.ask({.extra = "Supported: 100rel\r\n"});
  const Request invite = call.bob.last<Request>();
  REQUIRE(call.bob.agent.respond_reliably(invite.transaction,
                                          call.response_of(call.bob, invite, 183), call.net.now));
  call.net.wait(33s);
  CHECK(call.bob.last<NotAcknowledged>().invite == invite.transaction);
  CHECK(call.alice.response_count(183) >= 1);
  call.answer(500);
  CHECK(call.alice.last_status() == 500);
  CHECK(call.bob.last<DialogEnded>().why == DialogEnding::refused);
}

TEST_CASE("ViaRPortTest: rport is asked for without a value, and comes back with one") {
  Call call;
  call.ask();
  const std::string& sent = call.alice.sent.front();
  CHECK(sent.substr(0, sent.find("From:")).find(";rport") != std::string::npos);
  CHECK(sent.find("rport=") == std::string::npos);
  CHECK(call.bob.last<Request>().message.text("Via").find(";rport=5010") != std::string_view::npos);
}

}  // namespace
}  // namespace kith::ua::tck
