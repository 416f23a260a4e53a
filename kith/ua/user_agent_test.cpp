#include "kith/ua/user_agent.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "kith/sip/headers.h"
#include "kith/ua/testing/line.h"

namespace kith::ua {
namespace {

using testing::Line;
using testing::Party;

sip::Message request_of(std::string_view method, std::string_view extra = {}) {
  std::string text{method};
  text.append(" sip:bob@127.0.0.1:6050 SIP/2.0\r\n")
      .append("From: <sip:alice@127.0.0.1:5060>;tag=a1\r\nTo: <sip:bob@127.0.0.1:6050>\r\n")
      .append("Call-ID: c1\r\nCSeq: 1 ")
      .append(method)
      .append("\r\nContact: <sip:alice@127.0.0.1:5060>\r\n")
      .append(extra)
      .append("Content-Length: 0\r\n\r\n");
  return *sip::Message::parse(text);
}

sip::Message answer_to(const Request& request, int status,
                       std::string_view contact = "sip:bob@127.0.0.1:6050") {
  sip::Message response = sip::Message::response(request.message, status);
  if (!contact.empty()) response.add("Contact", "<" + std::string{contact} + ">");
  return response;
}

struct Call : Line {
  using Line::Line;

  TransactionId invite(std::string_view extra = {}) {
    const TransactionId id = alice.agent.request(alice.flow, request_of("INVITE", extra), now);
    settle();
    return id;
  }
  void answer(int status) {
    const Request request = bob.last<Request>();
    REQUIRE(bob.agent.respond(request.transaction, answer_to(request, status), now));
    settle();
  }
  DialogId alices() const { return *alice.last<Response>().dialog; }
  DialogId bobs() const { return *bob.last<Ack>().dialog; }
  void acknowledge() {
    REQUIRE(alice.agent.ack(alices(), now));
    settle();
  }
  void establish() {
    invite();
    answer(180);
    answer(200);
    acknowledge();
  }
  Result<TransactionId> send(Party& party, DialogId dialog, std::string_view method) {
    std::optional<sip::Message> draft = party.agent.draft(dialog, method);
    REQUIRE(draft);
    draft->add("Contact", "<sip:" + party.name + "@127.0.0.1>");
    const Result<TransactionId> id = party.agent.send(dialog, *std::move(draft), now);
    settle();
    return id;
  }
  void nothing_is_left() {
    wait(24h);
    CHECK(alice.agent.counts() == AgentCounts{});
    CHECK(bob.agent.counts() == AgentCounts{});
  }
};

int status_of_last(const Party& party) { return party.last<Response>().message.status(); }

TEST_CASE("RFC 3261 §12.1: a call makes a dialog on both sides, and BYE ends it") {
  Call call;
  call.invite();
  CHECK(call.bob.last<Request>().dialog == std::nullopt);
  call.answer(180);
  const DialogId id = call.alices();
  CHECK(call.alice.agent.dialog(id)->state() == dialog::State::early);
  call.answer(200);
  CHECK(call.alices() == id);
  CHECK(call.alice.agent.dialog(id)->state() == dialog::State::confirmed);
  CHECK(call.alice.agent.dialog(id)->local_sequence() == 1);
  CHECK(call.alice.agent.dialog(id)->local_tag() == "a1");
  call.acknowledge();
  CHECK(call.bob.last<Ack>().message.request_uri() == "sip:bob@127.0.0.1:6050");
  CHECK(call.bob.agent.dialog(call.bobs())->role() == dialog::Role::callee);

  REQUIRE(call.send(call.bob, call.bobs(), "BYE"));
  CHECK(call.alice.last<Request>().dialog == id);
  REQUIRE(call.alice.agent.respond(call.alice.last<Request>().transaction,
                                   sip::Message::response(call.alice.last<Request>().message, 200),
                                   call.now));
  call.settle();
  CHECK(call.alice.last<DialogEnded>().why == DialogEnding::bye);
  CHECK(call.bob.last<DialogEnded>().why == DialogEnding::bye);
  call.nothing_is_left();
}

TEST_CASE("RFC 3261 §13.3.1.4: a 2xx is sent again until its ACK comes, and each has an ACK") {
  Call call;
  call.invite();
  call.answer(200);
  call.alice.loses = [lost = 0](std::string_view bytes) mutable {
    return bytes.starts_with("ACK") && ++lost <= 4;
  };
  call.acknowledge();
  call.wait(20s);
  CHECK(call.bob.sent_of("SIP/2.0 200") == 5);
  CHECK(call.alice.sent_of("ACK") == 5);
  CHECK(call.bob.all<Ack>().size() == 1);
  CHECK(call.alice.all<Response>().size() == 1);
}

TEST_CASE("RFC 3261 §13.3.1.4: without an ACK the callee hangs up") {
  Call call;
  call.invite();
  call.answer(200);
  call.alice.loses = [](std::string_view bytes) { return bytes.starts_with("ACK"); };
  call.acknowledge();
  call.wait(40s);
  CHECK(call.bob.last<DialogEnded>().why == DialogEnding::ack_never_came);
  CHECK(call.bob.sent_of("BYE") >= 1);
  CHECK(call.alice.last<Request>().message.method() == "BYE");
}

TEST_CASE("RFC 3261 §13.2.2.4: a 2xx whose ACK is never sent ends the dialog") {
  Call call;
  call.invite();
  call.answer(200);
  CHECK_FALSE(call.alice.last<Response>().repeated);
  call.wait(1s);
  CHECK(call.alice.last<Response>().repeated);
  call.wait(40s);
  CHECK(call.alice.last<DialogEnded>().why == DialogEnding::ack_never_sent);
  CHECK(call.bob.last<DialogEnded>().why == DialogEnding::ack_never_came);
  call.nothing_is_left();
}

TEST_CASE("RFC 3261 §12.3: a final response of 300 to 699 ends the early dialog") {
  for (const int status : {302, 401, 486, 600}) {
    CAPTURE(status);
    Call call;
    call.invite();
    call.answer(180);
    call.answer(status);
    CHECK(call.alice.last<DialogEnded>().why == DialogEnding::refused);
    CHECK(call.bob.last<DialogEnded>().why == DialogEnding::refused);
    call.nothing_is_left();
  }
}

TEST_CASE("RFC 3261 §9.2: a cancelled INVITE is answered 487") {
  Call call;
  const TransactionId invite = call.invite();
  call.answer(180);
  CHECK(call.alice.agent.cancel(invite, call.now));
  call.settle();
  CHECK(call.bob.last<Cancelled>().dialog.has_value());
  CHECK(status_of_last(call.alice) == 487);
  CHECK(call.alice.last<DialogEnded>().why == DialogEnding::refused);
  call.nothing_is_left();
}

TEST_CASE("RFC 3261 §12.2.2: a request that comes late in its dialog is answered 500") {
  Call call;
  call.establish();
  const auto message = [&](std::uint32_t sequence, std::string_view branch) {
    const dialog::Dialog& dialog = *call.bob.agent.dialog(call.bobs());
    return "MESSAGE sip:bob@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK" +
           std::string{branch} +
           "\r\nFrom: <sip:alice@127.0.0.1>;tag=a1\r\nTo: <sip:bob@x>;tag=" + dialog.local_tag() +
           "\r\nCall-ID: c1\r\nCSeq: " + std::to_string(sequence) +
           " MESSAGE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
  };
  call.bob.agent.receive(call.bob.flow, message(8, "x"), call.now);
  call.settle();
  CHECK(call.bob.all<Request>().size() == 2);
  call.bob.agent.receive(call.bob.flow, message(7, "y"), call.now);
  call.settle();
  CHECK(call.bob.all<Request>().size() == 2);
  CHECK(call.bob.sent.back().starts_with("SIP/2.0 500"));
  call.bob.agent.receive(call.bob.flow, message(8, "z"), call.now);
  call.settle();
  CHECK(call.bob.all<Request>().size() == 2);
  CHECK(call.bob.sent.back().starts_with("SIP/2.0 500"));
}

TEST_CASE("RFC 3261 §14.2: a second INVITE gets 500 with Retry-After, a crossing one 491") {
  Call call;
  call.establish();
  REQUIRE(call.send(call.alice, call.alices(), "INVITE"));
  CHECK(call.send(call.alice, call.alices(), "INVITE").error() ==
        Error{Fault::duplicate, "INVITE"});
  CHECK(call.send(call.bob, call.bobs(), "INVITE").error() == Error{Fault::duplicate, "INVITE"});

  SUBCASE("crossing") {
    call.answer(200);
    call.acknowledge();
    // Both leave before either arrives.
    for (Party* party : {&call.alice, &call.bob}) {
      const DialogId id = party == &call.alice ? call.alices() : call.bobs();
      sip::Message invite = *party->agent.draft(id, "INVITE");
      invite.add("Contact", "<sip:x@127.0.0.1>");
      REQUIRE(party->agent.send(id, std::move(invite), call.now));
    }
    call.settle();
    CHECK(status_of_last(call.alice) == 491);
    CHECK(status_of_last(call.bob) == 491);
    CHECK(call.alice.agent.dialog(call.alices()) != nullptr);
  }
}

TEST_CASE("RFC 3261 §8.2.2.2: a request that comes over two ways is answered 482 once") {
  Call call;
  call.invite();
  const std::string first = call.alice.sent.front();
  std::string second = first;
  second.replace(second.find("z9hG4bK"), 7, "z9hG4bKother");
  call.bob.agent.receive(call.bob.flow, second, call.now);
  call.settle();
  CHECK(call.bob.all<Request>().size() == 1);
  CHECK(call.bob.sent.back().starts_with("SIP/2.0 482"));

  // Another device of the same user is another request.
  std::string device = second;
  device.replace(device.find("bKother"), 7, "bKthird");
  device.replace(device.find(";tag=a1"), 7, ";tag=a1;epid=02");
  call.bob.agent.receive(call.bob.flow, device, call.now);
  call.settle();
  CHECK(call.bob.all<Request>().size() == 2);
}

TEST_CASE("RFC 3261 §12.2.2: requests of a dialog that is not there are answered 481") {
  for (const std::string_view method : {"BYE", "UPDATE", "PRACK", "INFO", "INVITE", "REFER"}) {
    CAPTURE(method);
    Call call;
    sip::Message request = request_of(method, "Refer-To: <sip:x@y>\r\nRAck: 1 1 INVITE\r\n");
    request.set_to_tag("unknown");
    call.alice.agent.request(call.alice.flow, request, call.now);
    call.settle();
    CHECK(status_of_last(call.alice) == 481);
    CHECK(call.bob.all<Request>().empty());
  }
  Call call;  // the Microsoft dialect has a To tag in a SERVICE outside of any dialog
  sip::Message service = request_of("SERVICE");
  service.set_to_tag("unknown");
  call.alice.agent.request(call.alice.flow, service, call.now);
  call.settle();
  CHECK(call.bob.all<Request>().size() == 1);
}

TEST_CASE("RFC 3261 §13.2.2.4: each fork that answers is a dialog of its own, with its own ACK") {
  Call call;
  call.invite();
  const std::string invite = call.alice.sent.front();
  const auto fork = [&](int status, std::string_view tag) {
    sip::Message response = sip::Message::response(*sip::Message::parse(invite), status);
    response.set_to_tag(tag);
    response.add("Contact", "<sip:" + std::string{tag} + "@127.0.0.1>");
    call.alice.agent.receive(call.alice.flow, response.write(), call.now);
    call.settle();
    return call.alice.last<Response>();
  };
  const Response ringing_one = fork(180, "one");
  const Response ringing_two = fork(180, "two");
  const Response ringing_three = fork(180, "three");
  CHECK_FALSE(ringing_one.forked);
  CHECK(ringing_two.forked);
  CHECK(ringing_one.dialog != ringing_two.dialog);
  const Response two = fork(200, "two");
  CHECK(two.dialog == ringing_two.dialog);
  REQUIRE(call.alice.agent.ack(*two.dialog, call.now));
  const Response one = fork(200, "one");
  CHECK(one.dialog == ringing_one.dialog);
  REQUIRE(call.alice.agent.ack(*one.dialog, call.now));
  call.settle();
  CHECK(call.alice.sent_of("ACK sip:one@127.0.0.1") == 1);
  CHECK(call.alice.sent_of("ACK sip:two@127.0.0.1") == 1);
  call.wait(33s);
  CHECK(call.alice.last<DialogEnded>().id == *ringing_three.dialog);
  CHECK(call.alice.last<DialogEnded>().why == DialogEnding::not_answered);
  CHECK(call.alice.agent.counts().dialogs == 2);
}

TEST_CASE("an early dialog without progress ends") {
  Call call;
  call.invite();
  call.answer(180);
  call.wait(170s);
  CHECK(call.alice.all<DialogEnded>().empty());
  call.wait(11s);
  CHECK(call.alice.last<DialogEnded>().why == DialogEnding::early_timeout);
}

TEST_CASE("RFC 3262 §3: a reliable provisional response is sent again until its PRACK comes") {
  Call call;
  call.invite("Supported: 100rel\r\n");
  const Request invite = call.bob.last<Request>();
  REQUIRE(call.bob.agent.respond_reliably(invite.transaction, answer_to(invite, 183), call.now));
  call.settle();
  call.wait(2s);
  CHECK(call.bob.sent_of("SIP/2.0 183") == 3);
  CHECK(call.bob.agent.respond_reliably(invite.transaction, answer_to(invite, 183), call.now)
            .error() == Error{Fault::duplicate, "RSeq"});
  const Response ringing = call.alice.last<Response>();
  CHECK(sip::lists<sip::Require>(ringing.message, "100rel"));
  REQUIRE(call.alice.agent.prack(*ringing.dialog, ringing.message, call.now));
  call.settle();
  CHECK(call.bob.last<Request>().message.text("RAck") == "1 1 INVITE");
  call.answer(200);
  call.wait(60s);
  CHECK(call.bob.sent_of("SIP/2.0 183") == 3);
  CHECK(call.alice.agent.prack(*ringing.dialog, ringing.message, call.now).error() ==
        Error{Fault::missing, "RSeq"});
}

TEST_CASE("RFC 3262 §3: without PRACK the layer above hears of it after 64 * T1") {
  Call call;
  call.invite("Require: 100rel\r\n");
  const Request invite = call.bob.last<Request>();
  REQUIRE(call.bob.agent.respond_reliably(invite.transaction, answer_to(invite, 183), call.now));
  call.settle();
  call.wait(33s);
  CHECK(call.bob.last<NotAcknowledged>().invite == invite.transaction);
  REQUIRE(call.bob.agent.respond(invite.transaction, answer_to(invite, 504), call.now));
  call.settle();
  CHECK(status_of_last(call.alice) == 504);
}

TEST_CASE("RFC 3262 §3: only an INVITE that supports it is answered reliably") {
  Call call;
  call.invite();
  const Request invite = call.bob.last<Request>();
  CHECK(call.bob.agent.respond_reliably(invite.transaction, answer_to(invite, 183), call.now)
            .error() == Error{Fault::missing, "Supported"});
}

TEST_CASE("RFC 3261 §12.2.1.2: a target refresh says anew where the peer is") {
  Call call;
  call.establish();
  REQUIRE(call.send(call.alice, call.alices(), "INVITE"));
  CHECK(call.bob.agent.dialog(call.bobs())->remote_target() == "sip:alice@127.0.0.1");
  const Request invite = call.bob.last<Request>();
  REQUIRE(call.bob.agent.respond(invite.transaction, answer_to(invite, 200, "sip:moved@127.0.0.1"),
                                 call.now));
  call.settle();
  CHECK(call.alice.agent.dialog(call.alices())->remote_target() == "sip:moved@127.0.0.1");
}

TEST_CASE("RFC 5057 §5.1: 481 and 408 end the dialog, other failures do not") {
  struct Case {
    int status;
    bool ends;
  };
  for (const Case& each : {Case{300, false}, Case{400, false}, Case{500, false}, Case{600, false},
                           Case{481, true}, Case{408, true}}) {
    CAPTURE(each.status);
    Call call;
    call.establish();
    const DialogId id = call.alices();
    REQUIRE(call.send(call.alice, id, "INFO"));
    call.answer(each.status);
    CHECK((call.alice.agent.dialog(id) == nullptr) == each.ends);
    if (each.ends) CHECK(call.alice.last<DialogEnded>().why == DialogEnding::gone);
  }
}

TEST_CASE("RFC 3261 §12.1: who answers finds the dialog by the request, and so does who asked") {
  Call call;
  const TransactionId invite = call.invite();
  const TransactionId answered = call.bob.last<Request>().transaction;
  CHECK_FALSE(call.alice.agent.dialog_of(invite));
  CHECK_FALSE(call.bob.agent.dialog_of(answered));
  call.answer(180);
  CHECK(call.alice.agent.dialog_of(invite) == call.alices());
  REQUIRE(call.bob.agent.dialog_of(answered));
  call.answer(200);
  call.acknowledge();
  CHECK(call.bob.agent.dialog_of(answered) == call.bobs());
  const TransactionId bye = *call.send(call.alice, call.alices(), "BYE");
  CHECK(call.alice.agent.dialog_of(bye) == call.alices());
  CHECK(call.bob.agent.dialog_of(call.bob.last<Request>().transaction) == call.bobs());
  call.answer(200);
  call.wait(24h);
  CHECK_FALSE(call.alice.agent.dialog_of(invite));
  CHECK_FALSE(call.bob.agent.dialog_of(answered));
}

TEST_CASE(
    "RFC 3261 §17.2.2: over TCP who answers finds the dialog, though the transaction is over") {
  Call call;
  for (Party* party : {&call.alice, &call.bob}) {
    party->flow.transport = Transport::tcp;
    party->agent.opened(party->flow, call.now);
  }
  call.alice.agent.request(call.alice.flow, request_of("SUBSCRIBE", "Event: presence\r\n"),
                           call.now);
  call.settle();
  const Request request = call.bob.last<Request>();
  sip::Message response = answer_to(request, 200);
  response.add("Expires", "600");
  REQUIRE(call.bob.agent.respond(request.transaction, std::move(response), call.now));
  const std::optional<DialogId> dialog = call.bob.agent.dialog_of(request.transaction);
  REQUIRE(dialog);
  CHECK(call.bob.agent.dialog(*dialog) != nullptr);
  call.settle();
  CHECK(call.bob.last<TransactionEnded>().dialog == dialog);
  CHECK_FALSE(call.bob.agent.dialog_of(request.transaction));
}

TEST_CASE("RFC 5057 §4.1: a subscription keeps the dialog of a call that has ended") {
  Call call;
  call.establish();
  const DialogId id = call.alices();
  const DialogId bobs = call.bobs();
  std::optional<sip::Message> subscribe = call.alice.agent.draft(id, "SUBSCRIBE");
  subscribe->add("Event", "dialog");
  subscribe->add("Expires", "600");
  subscribe->add("Contact", "<sip:alice@127.0.0.1>");
  REQUIRE(call.alice.agent.send(id, *std::move(subscribe), call.now));
  call.settle();
  const Request subscription = call.bob.last<Request>();
  sip::Message granted = answer_to(subscription, 200);
  CHECK(call.bob.agent.respond(subscription.transaction, granted, call.now).error() ==
        Error{Fault::missing, "Expires"});
  granted.add("Expires", "601");
  CHECK(call.bob.agent.respond(subscription.transaction, granted, call.now).error() ==
        Error{Fault::too_long, "Expires"});
  granted.set("Expires", "600");
  REQUIRE(call.bob.agent.respond(subscription.transaction, granted, call.now));
  call.settle();
  REQUIRE(call.send(call.alice, id, "BYE"));
  call.answer(200);
  CHECK(call.alice.agent.dialog(id) != nullptr);
  CHECK(call.bob.agent.dialog(bobs) != nullptr);

  std::optional<sip::Message> notify = call.bob.agent.draft(bobs, "NOTIFY");
  notify->add("Event", "dialog");
  notify->add("Subscription-State", "terminated;reason=noresource");
  notify->add("Contact", "<sip:bob@127.0.0.1>");
  REQUIRE(call.bob.agent.send(bobs, *std::move(notify), call.now));
  call.settle();
  const Request last = call.alice.last<Request>();
  REQUIRE(call.alice.agent.respond(last.transaction, sip::Message::response(last.message, 200),
                                   call.now));
  call.settle();
  CHECK(call.alice.agent.dialog(id) == nullptr);
  CHECK(call.bob.agent.dialog(bobs) == nullptr);
  call.nothing_is_left();
}

TEST_CASE("RFC 6665 §4.4.1: a NOTIFY that overtakes the 2xx makes the dialog") {
  Call call;
  call.alice.agent.request(call.alice.flow, request_of("SUBSCRIBE", "Event: presence\r\n"),
                           call.now);
  call.settle();
  const Request subscribe = call.bob.last<Request>();
  call.bob.loses = [](std::string_view bytes) { return bytes.starts_with("SIP/2.0 200"); };
  sip::Message granted = answer_to(subscribe, 200);
  granted.add("Expires", "600");
  REQUIRE(call.bob.agent.respond(subscribe.transaction, granted, call.now));
  call.settle();
  const auto to = call.bob.sent.back();
  const std::string tag = std::string{*sip::Message::parse(to)->require<sip::To>()->tag()};
  const auto notify = [&](std::string_view from_tag, std::string_view package) {
    std::string text = "NOTIFY sip:alice@127.0.0.1 SIP/2.0\r\n";
    text.append("Via: SIP/2.0/UDP 127.0.0.1:6050;branch=z9hG4bK").append(from_tag).append(package);
    text.append("\r\nFrom: <sip:bob@127.0.0.1>;tag=").append(from_tag);
    text.append("\r\nTo: <sip:alice@127.0.0.1>;tag=a1\r\nCall-ID: c1\r\nCSeq: 1 NOTIFY\r\n");
    text.append("Max-Forwards: 70\r\nContact: <sip:bob@127.0.0.1>\r\nEvent: ").append(package);
    text.append("\r\nSubscription-State: active\r\nContent-Length: 0\r\n\r\n");
    call.alice.agent.receive(call.alice.flow, text, call.now);
    call.settle();
  };
  notify(tag, "dialog");
  CHECK(call.alice.sent.back().starts_with("SIP/2.0 481"));
  notify(tag, "presence");
  const std::optional<DialogId> id = call.alice.last<Request>().dialog;
  REQUIRE(id);
  CHECK(call.alice.agent.dialog(*id)->local_sequence() == 1);
  notify("fork", "presence");  // presence is not among the packages that may fork
  CHECK(call.alice.sent.back().starts_with("SIP/2.0 481"));
  call.bob.loses = [](std::string_view) { return false; };
  call.wait(1s);  // the SUBSCRIBE was sent again, and so was its 200
  CHECK(call.alice.last<Response>().dialog == id);
  call.wait(24h);
  CHECK(call.alice.last<DialogEnded>().why == DialogEnding::subscription_ended);
}

TEST_CASE("what is not served is answered 405, 501 and 489, and can be passed up instead") {
  UserAgentConfig config{.methods = {"INVITE", "ACK", "SUBSCRIBE"}, .packages = {"presence"}};
  Call call({}, config);
  struct Case {
    std::string_view method;
    std::string_view extra;
    std::string_view answer;
  };
  for (const Case& each : {Case{"OPTIONS", "", "405"}, Case{"FLY", "", "501"},
                           Case{"SUBSCRIBE", "Event: dialog\r\n", "489"}}) {
    CAPTURE(each.method);
    call.alice.agent.request(call.alice.flow, request_of(each.method, each.extra), call.now);
    call.settle();
    CHECK(std::to_string(status_of_last(call.alice)) == each.answer);
  }
  CHECK(call.bob.all<Request>().empty());
  config.answers = {.method = false, .event = false};
  Call open({}, config);
  open.alice.agent.request(open.alice.flow, request_of("FLY"), open.now);
  open.settle();
  CHECK(open.bob.all<Request>().size() == 1);
}

TEST_CASE("DialogPolicy::manual: dialogs begin where they are asked for, and not too late") {
  Call call({.dialogs = DialogPolicy::manual}, {.dialogs = DialogPolicy::manual});
  const TransactionId invite = call.invite();
  REQUIRE(call.alice.agent.begin_dialog(invite));
  call.answer(180);
  CHECK(call.alice.last<Response>().dialog);
  CHECK(call.alice.agent.begin_dialog(invite).error() == Error{Fault::duplicate, "dialog"});
  CHECK(call.bob.agent.begin_dialog(call.bob.last<Request>().transaction).error() ==
        Error{Fault::duplicate, "dialog"});
  CHECK(call.bob.agent.counts().dialogs == 0);
}

TEST_CASE("RFC 4028 §10: a session that is not refreshed ends with BYE") {
  const UserAgentConfig config{.session_timer = dialog::SessionWish{.interval = 600s}};
  Call call(config, config);
  call.establish();
  CHECK(call.bob.all<Request>().front().message.text("Session-Expires") == "600");
  CHECK(call.alice.last<Response>().message.text("Session-Expires") == "600;refresher=uac");
  call.wait(301s);
  CHECK(call.alice.all<RefreshDue>().size() == 1);
  CHECK(call.bob.all<RefreshDue>().empty());
  REQUIRE(call.send(call.alice, call.alices(), "UPDATE"));
  call.answer(200);
  call.wait(566s);
  CHECK(call.alice.all<RefreshDue>().size() == 2);
  CHECK(call.bob.all<DialogEnded>().empty());
  call.wait(3s);
  CHECK(call.bob.last<DialogEnded>().why == DialogEnding::session_expired);
  CHECK(call.alice.last<Request>().message.method() == "BYE");
}

TEST_CASE("RFC 4028 §9: a session interval that is too short is refused with 422") {
  Call call({}, {.session_timer = dialog::SessionWish{}});
  call.invite("Supported: timer\r\nSession-Expires: 60\r\n");
  CHECK(status_of_last(call.alice) == 422);
  CHECK(call.alice.last<Response>().message.text("Min-SE") == "90");
  CHECK(call.bob.all<Request>().empty());
}

TEST_CASE("RFC 3891 §3: the dialog that Replaces names is found, and no other") {
  Call call;
  call.establish();
  const dialog::Dialog& dialog = *call.alice.agent.dialog(call.alices());
  const auto replaces = [](std::string_view text) {
    Scanner in(text, Mode::strict, "Replaces");
    return *sip::Replaces::parse(in);
  };
  const std::string tags = ";to-tag=a1;from-tag=" + dialog.remote_tag();
  CHECK(call.alice.agent.find(replaces("c1" + tags)) == call.alices());
  CHECK_FALSE(call.alice.agent.find(replaces("c1" + tags + ";early-only")));
  CHECK_FALSE(call.alice.agent.find(replaces("c2" + tags)));
  CHECK_FALSE(call.bob.agent.find(replaces("c1" + tags)));
}

TEST_CASE("RFC 3261 §22.1: the ACK for a 2xx carries the credentials of its INVITE") {
  Call call;
  call.invite("Proxy-Authorization: Digest username=\"a\", realm=\"r\"\r\n");
  call.answer(200);
  call.acknowledge();
  CHECK(call.bob.last<Ack>().message.text("Proxy-Authorization") ==
        "Digest username=\"a\", realm=\"r\"");
}

}  // namespace
}  // namespace kith::ua
