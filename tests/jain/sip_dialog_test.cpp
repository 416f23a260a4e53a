#include "tests/jain/tck/net.h"

using namespace kith;
using namespace kith::ua;
using kith::ua::tck::Call;

TEST_CASE("javax.sip.Dialog") {
  Call call;
  UserAgent& agent = call.alice.agent;
  const Time now = call.net.now;
  call.establish();
  const DialogId id = call.alices();

  // Dialog: The user agent holds it; `agent.dialog(id)` shows it.
  const dialog::Dialog& dialog = *agent.dialog(id);

  // getLocalParty()
  CHECK(dialog.local_party() == "<sip:alice@a.example>;tag=a1");
  // getRemoteParty()
  CHECK(dialog.remote_party().starts_with("<sip:bob@b.example>;tag="));
  // getRemoteTarget()
  CHECK(dialog.remote_target() == "sip:bob@127.0.0.1:5020");
  // getDialogId(): Call-ID and both tags name it to others; `id` to the program.
  CHECK(dialog.call_id() == "c1");
  // getCallId()
  CHECK(dialog.call_id() == "c1");
  // getLocalSequenceNumber()
  // getLocalSeqNumber()
  CHECK(dialog.local_sequence() == 1U);
  // getRemoteSequenceNumber()
  // getRemoteSeqNumber(): Nothing before the first request of the peer.
  CHECK(dialog.remote_sequence() == std::nullopt);
  // getRouteSet()
  CHECK(dialog.routes() == std::vector<std::string>{});
  // isSecure()
  CHECK_FALSE(dialog.secure());
  // isServer()
  CHECK(dialog.role() == dialog::Role::caller);
  // getState()
  CHECK(dialog.state() == dialog::State::confirmed);
  // getLocalTag()
  CHECK(dialog.local_tag() == "a1");
  // getRemoteTag()
  CHECK(dialog.remote_tag() == call.dialog_of(call.bob, call.bobs()).local_tag());

  // incrementLocalSequenceNumber()
  CHECK(agent.reserve_sequence(id) == 2U);

  // createRequest(String): Without Via and CSeq, which send() puts in.
  std::optional<sip::Message> info = agent.draft(id, "INFO");
  CHECK(info->text("To") == dialog.remote_party());

  // sendRequest(ClientTransaction)
  const Result<TransactionId> sent = agent.send(id, *info, now);
  CHECK(sent);

  // getFirstTransaction(): None. It is long gone; the Response that brought the dialog names it.

  std::unordered_map<DialogId, std::string> application_data;
  // setApplicationData(Object)
  application_data[id] = "mine";

  // getApplicationData(): The program keeps it by the id.
  CHECK(application_data.at(id) == "mine");

  // terminateOnBye(boolean)
  agent.keep_after_bye(id, true);

  // delete(): DialogEnded tells of it.
  agent.drop(id);
  CHECK(agent.dialog(id) == nullptr);
}

TEST_CASE("javax.sip.Dialog: ACK and PRACK") {
  Call call;
  const Time now = call.net.now;
  call.ask({.extra = "Supported: 100rel\r\n"});
  const Request invite = call.bob.last<Request>();
  sip::Message response = call.response_of(call.bob, invite, 183);

  // createReliableProvisionalResponse(int)
  // sendReliableProvisionalResponse(Response): RSeq and Require are put in.
  const Result<void> sent = call.bob.agent.respond_reliably(invite.transaction, response, now);
  CHECK(sent);

  call.net.settle();
  const Response progress = call.alice.last<Response>();
  const DialogId dialog = *progress.dialog;
  // createPrack(Response): It is sent, too.
  const Result<TransactionId> prack = call.alice.agent.prack(dialog, progress.message, now);
  CHECK(prack);

  call.net.settle();
  REQUIRE(call.try_answer(call.bob, invite, 200));
  // createAck(long)
  // sendAck(Request): With a body, if wanted; for each 2xx that comes again it is sent again.
  const Result<void> acknowledged = call.alice.agent.ack(dialog, now);
  CHECK(acknowledged);
}

TEST_CASE("javax.sip.DialogState") {
  using dialog::State;

  // DialogState: A plain enumeration. Before it is early there is no dialog.
  const State state = State::early;

  // _EARLY
  // EARLY
  CHECK((State::early == state));
  // _CONFIRMED
  // CONFIRMED
  CHECK((State::confirmed != state));
  // _TERMINATED
  // TERMINATED
  CHECK((State::terminated != state));

  // _COMPLETED: None. JAIN SIP does not use it either.

  // COMPLETED: None. JAIN SIP does not use it either.

  // getObject(int): None. Enumerators are not made from numbers.

  // getValue(): None. Nor are they numbers.

  // equals(Object)
  CHECK((state == State::early));
  // hashCode()
  CHECK(std::hash<State>{}(state) == std::hash<State>{}(State::early));

  // toString(): None. What is worth a line in a log is why it ended: `to_string(DialogEnding)`.
}

TEST_CASE("javax.sip.DialogTerminatedEvent") {
  Call call;
  call.establish();
  const DialogId id = call.alices();
  call.hang_up(call.alice, id);
  const auto event = call.alice.last<DialogEnded>();

  // DialogTerminatedEvent: One for each dialog, with its reason.
  CHECK(event.why == DialogEnding::bye);

  // DialogTerminatedEvent(Object, Dialog)
  const DialogEnded made{.id = id, .why = DialogEnding::bye, .dialog = event.dialog};
  CHECK(made.id == event.id);

  // getDialog(): As it was.
  CHECK(event.dialog.call_id() == "c1");
}

TEST_CASE("javax.sip.DialogDoesNotExistException") {
  Call call;
  UserAgent& agent = call.alice.agent;

  // DialogDoesNotExistException: An Error that names the dialog.
  // DialogDoesNotExistException()
  // DialogDoesNotExistException(String)
  // DialogDoesNotExistException(String, Throwable)
  CHECK(agent.ack(DialogId{}, call.net.now).error() == Error{Fault::missing, "dialog"});
}
