// The four machines seen from outside. Where JAIN SIP says terminated after a 2xx to INVITE, RFC
// 6026 §7 says accepted, and terminated 64 * T1 later.

#include "tests/jain/tck/net.h"

namespace kith::ua::tck {
namespace {

constexpr auto gone = std::nullopt;

/// How often a node has sent this, and that its peer saw nothing of what was repeated.
struct Repeats {
  Node& sender;
  std::string_view what;
  std::size_t times;
};
void check_sent(const Repeats& repeats) {
  CAPTURE(repeats.what);
  CHECK(repeats.sender.sent_of(repeats.what) == repeats.times);
}

/// Bob's last response once more.
void repeat_response(Call& call) {
  call.net.inject(call.bob, call.alice, std::string{call.bob.sent.back()});
}
/// Alice's first request once more.
void repeat_request(Call& call) {
  call.net.inject(call.alice, call.bob, std::string{call.alice.sent.front()});
}
std::optional<State> bobs_state(const Call& call, const Request& request) {
  return call.bob.agent.state(request.transaction);
}

void completed_by_486(Call& call, TransactionId invite) {
  const std::size_t seen = call.alice.all<Response>().size();
  call.answer(486);
  const std::string failure = call.bob.sent.back();
  call.expect(invite, State::completed);
  CHECK(call.alice.last<Response>().transaction == invite);
  check_sent({call.alice, "ACK", 1});
  const sip::Message ack = *sip::Message::parse(call.alice.sent.back());
  CHECK(ack.text("To") == sip::Message::parse(failure)->text("To"));
  call.net.inject(call.bob, call.alice, failure);
  check_sent({call.alice, "ACK", 2});
  CHECK(call.alice.all<Response>().size() == seen + 1);
  call.expect(invite, State::completed);
  call.net.wait(33s);
  call.expect(invite, gone);
}

TEST_CASE("InviteClientTransactionsStateMachineTest.CallingProceedingCompletedTerminated: 486") {
  Call call;
  silence(call.alice);
  const TransactionId invite = call.ask();
  call.expect(invite, State::calling);
  call.net.wait(510ms);
  check_sent({call.alice, "INVITE", 2});
  call.expect(invite, State::calling);
  call.alice.loses = [](std::string_view) { return false; };
  call.net.wait(1s);
  call.answer(100);
  CHECK(call.alice.last<Response>().transaction == invite);
  call.expect(invite, State::proceeding);
  completed_by_486(call, invite);
  call.net.nothing_is_left();
}

TEST_CASE("InviteClientTransactionsStateMachineTest.InviteCancel: 487, its ACK, completed") {
  Call call;
  const TransactionId invite = call.ask();
  call.answer(100);
  call.expect(invite, State::proceeding);
  const auto cancel = call.alice.agent.cancel(invite, call.net.now);
  REQUIRE(cancel);
  call.net.settle();
  check_sent({call.bob, "SIP/2.0 200", 1});
  CHECK(call.alice.last_status() == 487);
  CHECK(call.alice.last<Response>().transaction == invite);
  call.expect(invite, State::completed);
  call.expect(*cancel, State::completed);
  check_sent({call.alice, "ACK", 1});
  call.net.nothing_is_left();
}

TEST_CASE("InviteClientTransactionsStateMachineTest.CallingCompletedTerminated: 486 at once") {
  Call call;
  const TransactionId invite = call.ask();
  call.expect(invite, State::calling);
  completed_by_486(call, invite);
}

TEST_CASE(
    "InviteClientTransactionsStateMachineTest.CallingProceedingTerminated, "
    "InviteClientTransactionsStateMachineTest.CallingTerminated: 200, and no ACK by itself") {
  for (const bool provisional : {true, false}) {
    CAPTURE(provisional);
    Call call;
    const TransactionId invite = call.ask();
    if (provisional) {
      call.answer(100);
      call.expect(invite, State::proceeding);
    }
    call.answer(200);
    CHECK(call.alice.last<Response>().transaction == invite);
    call.expect(invite, State::accepted);
    const std::string success = call.bob.sent.back();
    call.net.wait(1s);
    CHECK(call.alice.last<Response>().repeated);
    check_sent({call.alice, "ACK", 0});
    call.expect(invite, State::accepted);
    call.net.wait(32s);
    call.expect(invite, gone);
    const std::size_t seen = call.alice.all<Response>().size();
    call.net.inject(call.bob, call.alice, success);
    CHECK(call.alice.all<Response>().size() == seen);
    call.expect(invite, gone);
    check_sent({call.alice, "ACK", 0});
  }
}

/// Until a 180 has gone out: 100 by itself, and either again for a repeated INVITE.
Request ringing(Call& call) {
  call.ask();
  const Request request = call.bob.last<Request>();
  CHECK(bobs_state(call, request) == State::proceeding);
  call.net.wait(210ms);  // RFC 3261 §17.2.1: the 100 may wait for so long
  check_sent({call.bob, "SIP/2.0 100", 1});
  repeat_request(call);
  check_sent({call.bob, "SIP/2.0 100", 2});
  call.answer(180);
  repeat_request(call);
  check_sent({call.bob, "SIP/2.0 180", 2});
  CHECK(bobs_state(call, request) == State::proceeding);
  CHECK(call.bob.all<Request>().size() == 1);
  return request;
}

TEST_CASE("InviteServerTransactionsStateMachineTest.ProceedingCompletedConfirmed: 486 and ACK") {
  Call call;
  const Request request = ringing(call);
  call.alice.loses = [](std::string_view bytes) { return bytes.starts_with("ACK"); };
  call.answer(486);
  CHECK(bobs_state(call, request) == State::completed);
  repeat_request(call);
  check_sent({call.bob, "SIP/2.0 486", 2});
  call.alice.loses = [](std::string_view) { return false; };
  call.net.wait(600ms);
  CHECK(bobs_state(call, request) == State::confirmed);
  CHECK(call.bob.all<Ack>().empty());
  call.net.wait(6s);
  CHECK(bobs_state(call, request) == gone);
}

/// The INVITE as it was sent, with another branch, and the CANCEL for it.
void cancel_as(std::string_view invite_branch, std::string_view cancel_branch) {
  CAPTURE(invite_branch);
  Call call;
  sip::Message invite = request_of(call.alice, call.bob);
  invite.prepend("Via", "SIP/2.0/UDP " + call.alice.at() + ";branch=" + std::string{invite_branch});
  call.net.inject(call.alice, call.bob, invite.write());
  const Request request = call.bob.last<Request>();
  call.answer(180);
  const std::string cancel =
      with(with(with(invite.write(), "INVITE", "CANCEL"), "1 INVITE", "1 CANCEL"), invite_branch,
           cancel_branch);
  call.net.inject(call.alice, call.bob, cancel);
  REQUIRE(call.bob.all<Cancelled>().size() == 1);
  CHECK(call.bob.last<Cancelled>().invite == request.transaction);
  check_sent({call.bob, "SIP/2.0 200", 1});
  check_sent({call.bob, "SIP/2.0 487", 1});
  CHECK(bobs_state(call, request) == State::completed);
  const sip::Message refusal = *sip::Message::parse(call.bob.sent.back());
  const std::string tag{*refusal.require<sip::To>()->tag()};
  sip::Message ack =
      *sip::Message::parse(with(with(invite.write(), "INVITE", "ACK"), "1 INVITE", "1 ACK"));
  ack.set_to_tag(tag);
  call.net.inject(call.alice, call.bob, ack.write());
  CHECK(bobs_state(call, request) == State::confirmed);
  CHECK(call.bob.all<Ack>().empty());
}

TEST_CASE("InviteServerTransactionsStateMachineTest.CanceledInvite: 200, 487 and ACK") {
  cancel_as("z9hG4bKAbC1", "z9hG4bKAbC1");
}
TEST_CASE("InviteServerTransactionsStateMachineTest.NonRFC3261CanceledInvite: no magic cookie") {
  cancel_as("AbC1", "AbC1");
}
TEST_CASE("InviteServerTransactionsStateMachineTest.CaseInsensitiveCanceledInvite: lower case") {
  cancel_as("z9hG4bKAbC1", "z9hg4bkabc1");
}

TEST_CASE("InviteServerTransactionsStateMachineTest.ProceedingTerminated: 200") {
  Call call;
  const Request request = ringing(call);
  call.answer(200);
  CHECK(bobs_state(call, request) == State::accepted);
  call.net.wait(33s);
  CHECK(bobs_state(call, request) == gone);
}

void registered(Call& call, TransactionId id) {
  call.answer(200);
  CHECK(call.alice.last<Response>().transaction == id);
  call.expect(id, State::completed);
  const std::size_t seen = call.alice.all<Response>().size();
  repeat_response(call);
  CHECK(call.alice.all<Response>().size() == seen);
  check_sent({call.alice, "ACK", 0});
  call.net.wait(6s);
  call.expect(id, gone);
}

TEST_CASE(
    "NonInviteClientTransactionsStateMachineTest.TryingProceedingCompletedTerminated: 100, 200") {
  Call call;
  const TransactionId id = call.ask({.method = "REGISTER"});
  call.expect(id, State::trying);
  call.net.wait(510ms);
  check_sent({call.alice, "REGISTER", 2});
  call.expect(id, State::trying);
  call.answer(100);
  CHECK(call.alice.last_status() == 100);
  call.expect(id, State::proceeding);
  registered(call, id);
}

TEST_CASE("NonInviteClientTransactionsStateMachineTest.TryingCompletedTerminated: 200 at once") {
  Call call;
  const TransactionId id = call.ask({.method = "REGISTER"});
  call.expect(id, State::trying);
  registered(call, id);
}

TEST_CASE(
    "NonInviteServerTransactionsStateMachineTest.TryingProceedingCompleted, "
    "NonInviteServerTransactionsStateMachineTest.TryingCompleted: what was said last is repeated") {
  struct Step {
    int status;
    State state;
  };
  for (const std::vector<Step>& steps :
       {std::vector<Step>{
            {100, State::proceeding}, {180, State::proceeding}, {200, State::completed}},
        std::vector<Step>{{100, State::proceeding}, {200, State::completed}}}) {
    CAPTURE(steps.size());
    Call call;
    call.ask({.method = "REGISTER"});
    const Request request = call.bob.last<Request>();
    CHECK(bobs_state(call, request) == State::trying);
    repeat_request(call);
    CHECK(call.bob.sent.empty());
    for (const Step& step : steps) {
      CAPTURE(step.status);
      call.answer(step.status);
      CHECK(bobs_state(call, request) == step.state);
      repeat_request(call);
      check_sent({call.bob, "SIP/2.0 " + std::to_string(step.status), 2});
      CHECK(bobs_state(call, request) == step.state);
    }
    CHECK(call.bob.all<Request>().size() == 1);
    call.net.wait(33s);
    CHECK(bobs_state(call, request) == gone);
  }
}

}  // namespace
}  // namespace kith::ua::tck
