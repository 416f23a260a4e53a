#include "tests/jain/tck/net.h"

using namespace kith;
using namespace kith::ua;
using kith::ua::tck::Call;
using kith::ua::tck::request_of;

TEST_CASE("javax.sip.ClientTransaction") {
  Call call;
  UserAgent& agent = call.alice.agent;
  const Flow flow = call.net.flow(call.alice, call.bob);
  const Time now = call.net.now;
  const sip::Message request = request_of(call.alice, call.bob);

  // ClientTransaction: An id; who lost it has lost nothing that must be given back.
  // sendRequest(): To make it and to send is one step.
  const TransactionId invite = agent.request(flow, request, now);

  call.net.settle();
  call.answer(180);

  // createCancel(): It is sent, too; nothing where there is nothing to cancel (yet).
  const std::optional<TransactionId> cancel = agent.cancel(invite, now);
  CHECK(cancel);

  // createAck(): None. The ACK for 300 to 699 is sent from here, and that for a 2xx by the dialog.
}

TEST_CASE("javax.sip.ServerTransaction") {
  Call call({}, {}, tck::manual());
  UserAgent& agent = call.bob.agent;
  const Time now = call.net.now;
  call.ask();

  // ServerTransaction: It is there with the Request that was passed up.
  const TransactionId transaction = call.bob.last<Request>().transaction;

  // enableRetransmissionAlerts(): RetransmissionDue tells of each.
  const Result<void> alerted = agent.alert_retransmissions(transaction);
  CHECK(alerted);

  sip::Message response = call.response_of(call.bob, call.bob.last<Request>(), 200);
  // sendResponse(Response): What the protocol does not allow is an Error, and nothing is sent.
  const Result<void> sent = agent.respond(transaction, response, now);
  CHECK(sent);
}

TEST_CASE("javax.sip.Transaction") {
  Call call;
  UserAgent& agent = call.bob.agent;
  const Time now = call.net.now;
  call.ask();
  const Request event = call.bob.last<Request>();

  // Transaction: Names it for all calls; all else is in the events.
  const TransactionId transaction = event.transaction;

  // getDialog(): Of each event; nothing: there is no dialog, or none yet.
  CHECK(event.dialog == std::nullopt);

  // getState(): Nothing for one that is gone.
  CHECK(agent.state(transaction) == transaction::State::proceeding);

  // setRetransmitTimer(int): With T2, T4 and all others of this transaction.
  const Result<void> set = agent.set_timers(transaction, {.t1 = 300ms}, now);
  CHECK(set);

  // getRetransmitTimer()
  CHECK(agent.timers(transaction)->t1 == 300ms);

  // getBranchId()
  CHECK(event.message.require<sip::Via>()->branch() == tck::branch_of(event.message));

  // getRequest(): Of the event.
  CHECK(event.message.method() == "INVITE");

  std::unordered_map<TransactionId, std::string> application_data;
  // setApplicationData(Object)
  application_data[transaction] = "mine";

  // getApplicationData(): The program keeps it by the id.
  CHECK(application_data.at(transaction) == "mine");

  // terminate(): Of a request of a peer, as Ending::dropped; a request of ours ends by itself.
  agent.forget(transaction);
  CHECK_FALSE(agent.state(transaction));
}

TEST_CASE("javax.sip.TransactionState") {
  using transaction::State;

  // TransactionState: A plain enumeration, with RFC 6026's accepted besides.
  const State state = State::accepted;
  CHECK(to_string(state) == "accepted");

  // _CALLING
  // CALLING
  CHECK(to_string(State::calling) == "calling");
  // _TRYING
  // TRYING
  CHECK(to_string(State::trying) == "trying");
  // _PROCEEDING
  // PROCEEDING
  CHECK(to_string(State::proceeding) == "proceeding");
  // _COMPLETED
  // COMPLETED
  CHECK(to_string(State::completed) == "completed");
  // _CONFIRMED
  // CONFIRMED
  CHECK(to_string(State::confirmed) == "confirmed");
  // _TERMINATED
  // TERMINATED
  CHECK(to_string(State::terminated) == "terminated");

  // getObject(int): None. Enumerators are not made from numbers.

  // getValue(): None. Nor are they numbers.

  // equals(Object)
  CHECK((state == State::accepted));
  // hashCode()
  CHECK(std::hash<State>{}(state) == std::hash<State>{}(State::accepted));
  // toString()
  CHECK(to_string(state) == "accepted");
}

TEST_CASE("javax.sip.Timeout") {
  // Timeout: Each has an event of its own.
  const Event event = RetransmissionDue{};

  // _RETRANSMIT
  // RETRANSMIT
  CHECK(std::holds_alternative<RetransmissionDue>(event));
  // _TRANSACTION
  // TRANSACTION
  CHECK(TransactionEnded{{}, {}, Ending::timed_out, {}}.why == Ending::timed_out);

  // getObject(int): None. Events are not made from numbers.

  // getValue(): None. Nor are they numbers.

  // toString(): None. Of an event that is a type of its own.
}

TEST_CASE("javax.sip.TimeoutEvent") {
  Call call;
  call.alice.loses = [](std::string_view) { return true; };
  const TransactionId id = call.ask();
  call.net.wait(33s);
  const auto event = call.alice.last<TransactionEnded>();

  // TimeoutEvent: The end of a transaction says why.
  // getTimeout()
  CHECK(event.why == Ending::timed_out);

  // TimeoutEvent(Object, ServerTransaction, Timeout)
  // TimeoutEvent(Object, ClientTransaction, Timeout)
  const TransactionEnded made{id, {}, Ending::timed_out, {}};
  CHECK(made.transaction == event.transaction);

  // getServerTransaction()
  // getClientTransaction(): The program knows which of its ids it is.
  CHECK(event.transaction == id);

  // isServerTransaction(): None. An id that request() or send() returned is a client's.
}

TEST_CASE("javax.sip.TransactionTerminatedEvent") {
  Call call;
  const TransactionId id = call.ask({.method = "MESSAGE"});
  call.answer(200);
  call.net.wait(33s);
  const auto event = call.alice.last<TransactionEnded>();

  // TransactionTerminatedEvent: One for each transaction, with its reason.
  CHECK(event.why == Ending::complete);

  // TransactionTerminatedEvent(Object, ServerTransaction)
  // TransactionTerminatedEvent(Object, ClientTransaction)
  const TransactionEnded made{id, {}, Ending::complete, {}};
  CHECK(made.transaction == event.transaction);

  // getServerTransaction()
  // getClientTransaction()
  CHECK(event.transaction == id);

  // isServerTransaction(): None. An id that request() or send() returned is a client's.
}
