// SipProviderTest, ClientTransactionTest, ServerTransactionTest, TransactionTimeoutEventTest.

#include "tests/jain/tck/net.h"

namespace kith::ua::tck {
namespace {

UserAgentConfig passes_strays() {
  UserAgentConfig config;
  config.endpoint.passes_strays = true;
  return config;
}

TEST_CASE("SipProviderTest.testSendRequest: a request without a transaction arrives") {
  over_both([](Transport transport) {
    Call call(transport);
    call.alice.agent.forward(call.net.flow(call.alice, call.bob),
                             request_of(call.alice, call.bob, {.method = "MESSAGE"}));
    call.net.settle();
    CHECK(call.bob.last<Request>().message.method() == "MESSAGE");
    CHECK(call.alice.agent.counts().endpoint.client_transactions == 0);
  });
}

TEST_CASE("SipProviderTest.testSendNullRequest: an empty one is a keep-alive and no event") {
  over_both([](Transport transport) {
    Call call(transport);
    call.net.inject(call.alice, call.bob, "\r\n\r\n");
    CHECK(call.bob.events.empty());
    call.ask();
    CHECK(call.bob.all<Request>().size() == 1);
  });
}

TEST_CASE("SipProviderTest.testReceiveRequest: who does not want a transaction forgets it") {
  over_both([](Transport transport) {
    Call call(transport, {}, manual());
    call.ask();
    const Request request = call.bob.last<Request>();
    CHECK_FALSE(request.dialog);
    call.bob.agent.forget(request.transaction);
    CHECK_FALSE(call.bob.agent.state(request.transaction));
    CHECK(call.bob.agent.counts().endpoint.server_transactions == 0);
  });
}

TEST_CASE("SipProviderTest.testReceiveACK: an ACK out of the blue comes without dialog") {
  over_both([](Transport transport) {
    Call call(transport);
    call.alice.agent.forward(call.net.flow(call.alice, call.bob),
                             request_of(call.alice, call.bob, {.method = "ACK"}));
    call.net.settle();
    CHECK(call.bob.last<Ack>().message.method() == "ACK");
    CHECK_FALSE(call.bob.last<Ack>().dialog);
    CHECK(call.bob.agent.counts().endpoint.server_transactions == 0);
  });
}

TEST_CASE(
    "SipProviderTest.testSendResponse, SipProviderTest.testReceiveResponse: a 200 without "
    "transaction arrives where one is wanted, and is of none") {
  over_both([](Transport transport) {
    Call call(transport, passes_strays());
    call.alice.agent.forward(call.net.flow(call.alice, call.bob),
                             request_of(call.alice, call.bob, {.method = "MESSAGE"}));
    call.net.settle();
    const Request request = call.bob.last<Request>();
    sip::Message response = sip::Message::response(request.message, 200);
    response.set_to_tag("b1");
    call.bob.agent.forward(request.flow, response);
    call.net.settle();
    CHECK(call.alice.all<Response>().empty());
    REQUIRE(call.alice.all<ResponseElsewhere>().size() == 1);
    CHECK(call.alice.last<ResponseElsewhere>().response.status() == 200);
  });
}

TEST_CASE("SipProviderTest.testGetNewClientTransaction: its branch is that of the top Via") {
  over_both([](Transport transport) {
    Call call(transport);
    const TransactionId id = call.ask();
    CHECK(id != TransactionId{});
    call.answer(200);
    CHECK(call.alice.last<Response>().transaction == id);
    const std::string branch = branch_of(call.alice.sent.front());
    CHECK(branch.starts_with("z9hG4bK"));
    CHECK(branch_of(call.alice.last<Response>().message) == branch);
    CHECK(call.ask({.call_id = "c2"}) != id);
    CHECK(branch_of(call.alice.sent.back()) != branch);
  });
}

TEST_CASE("SipProviderTest.testGetNewServerTransaction: its branch and request are the peer's") {
  over_both([](Transport transport) {
    Call call(transport);
    call.ask();
    const Request request = call.bob.last<Request>();
    CHECK(request.transaction != TransactionId{});
    CHECK(branch_of(request.message) == branch_of(call.alice.sent.front()));
    const sip::Message sent = *sip::Message::parse(call.alice.sent.front());
    CHECK(request.message.request_uri() == sent.request_uri());
    for (const std::string_view name : {"From", "To", "Call-ID", "CSeq", "Contact"})
      CHECK(request.message.text(name) == sent.text(name));
    call.answer(180);  // what makes a dialog
    CHECK(call.bob.agent.counts().dialogs == 1);
  });
}

TEST_CASE("ClientTransactionTest.testCreateCancel: CANCEL has all of its INVITE, and one Via") {
  over_both([](Transport transport) {
    Call call(transport);
    const TransactionId invite = call.ask({.extra = "Route: <sip:127.0.0.1:5020;lr>\r\n"});
    CHECK_FALSE(call.alice.agent.cancel(invite, call.net.now));  // RFC 3261 §9.1: not yet
    call.answer(180);
    REQUIRE(call.alice.agent.cancel(invite, call.net.now));
    call.net.settle();
    const sip::Message sent = *sip::Message::parse(call.alice.sent.front());
    std::string text;
    for (const std::string& each : call.alice.sent)
      if (each.starts_with("CANCEL")) text = each;
    const sip::Message cancel = *sip::Message::parse(text);
    CHECK(cancel.request_uri() == sent.request_uri());
    for (const std::string_view name : {"Call-ID", "To", "From", "Max-Forwards", "Route", "Via"}) {
      CAPTURE(name);
      CHECK(cancel.texts(name) == sent.texts(name));
    }
    CHECK(cancel.texts("Via").size() == 1);
    CHECK(cancel.text("CSeq") == "1 CANCEL");
  });
}

TEST_CASE("ClientTransactionTest.testSendRequest: a request in a transaction arrives") {
  over_both([](Transport transport) {
    Call call(transport);
    call.ask({.method = "REGISTER"});
    CHECK(call.bob.last<Request>().message.method() == "REGISTER");
  });
}

TEST_CASE("ServerTransactionTest.testSendResponse: a 180 arrives") {
  over_both([](Transport transport) {
    Call call(transport);
    call.ask();
    call.answer(180);
    CHECK(call.alice.last_status() == 180);
  });
}

TEST_CASE("ServerTransactionTest.testCancel: CANCEL is told of, with the INVITE and its dialog") {
  over_both([](Transport transport) {
    Call call(transport);
    const TransactionId invite = call.ask();
    call.answer(180);
    const Request request = call.bob.last<Request>();
    const std::optional<TransactionId> cancel = call.alice.agent.cancel(invite, call.net.now);
    REQUIRE(cancel);
    CHECK(*cancel != invite);
    call.net.settle();
    CHECK(call.bob.last<Cancelled>().invite == request.transaction);
    CHECK(call.bob.last<Cancelled>().dialog == call.bob.last<DialogEnded>().id);
    CHECK(call.alice.last_status() == 487);
    CHECK(call.bob.sent_of("SIP/2.0 200") == 1);
    CHECK(call.alice.sent_of("ACK") == 1);
    CHECK(call.bob.all<Ack>().empty());
    call.net.nothing_is_left();
  });
}

TEST_CASE("TransactionTimeoutEventTest.client: an INVITE without an answer ends after 64 * T1") {
  over_both([](Transport transport) {
    Call call(transport);
    const TransactionId invite = call.ask();
    call.bob.agent.forget(call.bob.last<Request>().transaction);
    silence(call.alice);
    call.net.wait(31900ms);
    CHECK(call.alice.all<TransactionEnded>().empty());
    call.net.wait(200ms);
    CHECK(call.alice.last<TransactionEnded>().transaction == invite);
    CHECK(call.alice.last<TransactionEnded>().why == Ending::timed_out);
  });
}

TEST_CASE("TransactionTimeoutEventTest.serverWithDialog: no ACK ends the dialog, no time-out") {
  over_both([](Transport transport) {
    Call call(transport);
    call.ask();
    call.answer(200);
    silence(call.alice);
    call.net.wait(33s);
    CHECK(call.bob.last<DialogEnded>().why == DialogEnding::ack_never_came);
    CHECK(call.bob.last<TransactionEnded>().why == Ending::complete);
    CHECK(call.bob.all<RetransmissionDue>().empty());
  });
}

TEST_CASE("TransactionTimeoutEventTest.serverWithoutDialog: it is told when to send 2xx again") {
  over_both([](Transport transport) {
    Call call(transport, manual(), manual());
    call.ask();
    const Request request = call.bob.last<Request>();
    REQUIRE(call.bob.agent.alert_retransmissions(request.transaction));
    call.answer(200);
    call.net.wait(600ms);
    CHECK(call.bob.last<RetransmissionDue>().invite == request.transaction);
    call.answer(200);
    CHECK(call.alice.response_count(200) == 2);
    call.net.wait(1s);
    CHECK(call.bob.all<RetransmissionDue>().size() == 2);
  });
}

}  // namespace
}  // namespace kith::ua::tck
