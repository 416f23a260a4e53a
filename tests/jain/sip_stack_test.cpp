#include "tests/jain/tck/net.h"

using namespace kith;
using namespace kith::ua;
using kith::ua::tck::Call;
using kith::ua::tck::request_of;

TEST_CASE("javax.sip.SipFactory") {
  SeededRandom random(1);

  // SipFactory: None. Nothing is made by name, and nothing belongs to the process.

  // IP_ADDRESS: Of each flow; what Via says instead is configured.
  const Config config{.sent_by = {.udp = "a.example:5060"}};
  CHECK(config.sent_by.udp == "a.example:5060");

  // STACK_NAME: None. A user agent has no name; the program has a variable.

  // getInstance(): None. There is no singleton.

  // createSipStack(Properties): As many as are wanted, each on its own.
  UserAgent agent(UserAgentConfig{.endpoint = config}, random);
  CHECK(agent.counts() == AgentCounts{});

  // createMessageFactory(): None. `Message::request()` and `Message::response()`.

  // createHeaderFactory(): None. Headers are plain values.

  // createAddressFactory(): None. So are URIs.

  // setPathName(String): None. There is one implementation.

  // getPathName(): None. There is one implementation.

  // resetFactory(): None. There is nothing to forget.
}

TEST_CASE("javax.sip.SipStack") {
  Call call;
  UserAgent& agent = call.alice.agent;
  const Time now = call.net.now;
  const Flow flow = call.net.flow(call.alice, call.bob);

  // SipStack: The protocol without sockets: bytes and time go in, bytes and events come out.
  // start()
  const std::optional<AgentOutput> output = agent.poll();
  CHECK_FALSE(output);

  // createListeningPoint(int, String)
  // createListeningPoint(String, int, String): Whoever has the sockets says which connection it is.
  agent.opened(flow, now);

  // getListeningPoints(): None. Who has the sockets knows them.

  // deleteListeningPoint(ListeningPoint): When its socket is closed.
  agent.closed(flow, std::error_code{}, now);

  // createSipProvider(ListeningPoint): None. The user agent serves every flow.

  // deleteSipProvider(SipProvider): None. The user agent serves every flow.

  // getSipProviders(): None. The user agent serves every flow.

  // getStackName(): None. A user agent has no name.

  // getIPAddress(): Of each flow.
  CHECK(flow.local.host() == "127.0.0.1");

  // getRouter(): None. What is sent is sent where its caller says.

  // stop(): None. It does nothing by itself; its destructor ends all without a word.

  // isRetransmissionFilterActive(): Of a dialog it always is: a 2xx of the peer that has its ACK is
  // not seen again.
  CHECK(UserAgentConfig{}.dialogs == DialogPolicy::automatic);
}

TEST_CASE("javax.sip.SipProvider") {
  SeededRandom random{1};
  Call call;
  UserAgent& agent = call.alice.agent;
  const Time now = call.net.now;
  const Flow flow = call.net.flow(call.alice, call.bob);
  const sip::Message request = request_of(call.alice, call.bob, {.method = "MESSAGE"});

  // SipProvider: None. What it does the user agent does.

  // addSipListener(SipListener): None. Who calls poll() listens.

  // removeSipListener(SipListener): None. Who calls poll() listens.

  // getSipStack(): None. It is the user agent.

  // getListeningPoint()
  // getListeningPoints()
  // getListeningPoint(String): Of each message that came in, and to be given for each that goes
  // out.
  CHECK(flow.transport == Transport::udp);

  // setListeningPoint(ListeningPoint): None. Whoever has the sockets opens and closes them.

  // addListeningPoint(ListeningPoint): None. Whoever has the sockets opens and closes them.

  // removeListeningPoint(ListeningPoint): None. Whoever has the sockets opens and closes them.

  // getNewCallId(): Of whatever randomness the program has.
  const std::string call_id = random.hex(16);
  CHECK(call_id.size() == 32);

  // getNewClientTransaction(Request): It is sent, too.
  const TransactionId asked = agent.request(flow, request, now);
  CHECK(agent.state(asked) == transaction::State::trying);

  call.net.settle();
  // getNewServerTransaction(Request): It is there with the Request; forget() drops it.
  const TransactionId served = call.bob.last<Request>().transaction;
  CHECK(call.bob.agent.state(served) == transaction::State::trying);

  // sendRequest(Request): Without a transaction.
  agent.forward(flow, request);

  sip::Message response = call.response_of(call.bob, call.bob.last<Request>(), 200);
  // sendResponse(Response)
  call.bob.agent.forward(call.bob.last<Request>().flow, response);

  Call manual({}, tck::manual());
  const TransactionId transaction = manual.ask();
  // getNewDialog(Transaction)
  const Result<void> begun = manual.alice.agent.begin_dialog(transaction);
  CHECK(begun);

  // setAutomaticDialogSupportEnabled(boolean): When the user agent is made; a proxy has `none`.
  const UserAgentConfig config{.dialogs = DialogPolicy::manual};
  CHECK(config.dialogs != DialogPolicy::automatic);
}

TEST_CASE("javax.sip.ListeningPoint") {
  const Address address = Address::v4(192, 0, 2, 1, 5060);

  // ListeningPoint: A flow is one way between two addresses.
  const Flow flow{.id = 1, .transport = Transport::tcp, .local = address, .remote = address};

  // TCP
  CHECK(to_string(Transport::tcp) == "TCP");
  // UDP
  CHECK(to_string(Transport::udp) == "UDP");
  // TLS
  CHECK(to_string(Transport::tls) == "TLS");

  // SCTP: None. Transports are UDP, TCP and TLS.

  // PORT_5060: None. A number as good as its name.

  // PORT_5061: None. A number as good as its name.

  // getPort()
  CHECK(flow.local.port == 5060);
  // getTransport()
  CHECK(flow.transport == Transport::tcp);
  // getIPAddress()
  CHECK(flow.local.host() == "192.0.2.1");

  Config config;
  // setSentBy(String): For each transport, when the user agent is made.
  config.sent_by.tcp = "a.example";

  // getSentBy()
  CHECK(config.sent_by.tcp == "a.example");

  // equals(Object)
  CHECK((flow == Flow{1, Transport::tcp, address, address}));
}

TEST_CASE("javax.sip.SipListener") {
  Call call;
  call.establish();
  const Event event = call.bob.events.front();

  // SipListener: One variant holds all that may happen.
  const bool known = std::visit([](const auto&) { return true; }, event);
  CHECK(known);

  // processRequest(RequestEvent): ACK and CANCEL are Ack and Cancelled.
  CHECK(std::holds_alternative<Request>(event));
  // processResponse(ResponseEvent)
  CHECK(std::holds_alternative<Response>(call.alice.events.front()));

  const Event ended = TransactionEnded{{}, {}, Ending::timed_out, {}};
  // processTimeout(TimeoutEvent)
  // processIOException(IOExceptionEvent)
  // processTransactionTerminated(TransactionTerminatedEvent): One event, whose `why` tells.
  CHECK(std::holds_alternative<TransactionEnded>(ended));

  // processDialogTerminated(DialogTerminatedEvent)
  CHECK_FALSE(std::holds_alternative<DialogEnded>(ended));
}

TEST_CASE("javax.sip.RequestEvent") {
  Call call;
  call.ask();

  // RequestEvent: With the flow that it came by.
  const Request event = call.bob.last<Request>();

  // RequestEvent(Object, ServerTransaction, Dialog, Request)
  const Request made{event.transaction, event.dialog, event.flow, event.message};
  CHECK(made.transaction == event.transaction);

  // getServerTransaction(): Always there.
  CHECK(event.transaction == made.transaction);
  // getRequest()
  CHECK(event.message.method() == "INVITE");
  // getDialog(): Nothing where it is of none.
  CHECK(event.dialog == std::nullopt);
}

TEST_CASE("javax.sip.ResponseEvent") {
  Call call;
  const TransactionId id = call.ask();
  call.answer(180);

  // ResponseEvent: Tells also whether it came before, and whether its dialog is that of a fork.
  const Response event = call.alice.last<Response>();

  // ResponseEvent(Object, ClientTransaction, Dialog, Response)
  const Response made{id, event.dialog, event.flow, event.message};
  CHECK(made.transaction == event.transaction);

  // getClientTransaction(): a stray one is a ResponseElsewhere, where Config::passes_strays is on.
  CHECK(event.transaction == id);
  // getResponse()
  CHECK(event.message.status() == 180);
  // getDialog()
  CHECK(event.dialog.has_value());
}

TEST_CASE("javax.sip.IOExceptionEvent") {
  Call call(Transport::tcp);
  call.ask();
  call.net.cut(call.alice, call.bob);
  const auto event = call.alice.last<FlowClosed>();

  // IOExceptionEvent: Each transaction that it ends has its TransactionEnded besides.
  CHECK(event.why == Closing::by_peer);

  // IOExceptionEvent(Object, String, int, String)
  const FlowClosed made{.flow = event.flow, .why = Closing::by_peer, .error = event.error};
  CHECK(made.flow == event.flow);

  // getHost()
  CHECK(event.flow.remote.host() == "127.0.0.1");
  // getPort()
  CHECK(event.flow.remote.port == 5020);
  // getTransport()
  CHECK(event.flow.transport == Transport::tcp);
}

// What JAIN SIP throws ----------------------------------------------------------------------------

TEST_CASE("javax.sip.SipException") {
  Call call;

  // SipException: What a call refuses it returns, in a Result.
  // SipException()
  // SipException(String)
  // SipException(String, Throwable)
  const Error error{Fault::missing, "dialog"};
  CHECK(call.alice.agent.ack(DialogId{}, call.net.now).error() == error);

  // getCause(): In which way, and where.
  CHECK(error.fault == Fault::missing);
}

TEST_CASE("javax.sip.InvalidArgumentException") {
  // InvalidArgumentException
  // InvalidArgumentException()
  // InvalidArgumentException(String)
  // InvalidArgumentException(String, Throwable)
  const Error error = sip::Uri::parse("sip:b.example:70000").error();
  CHECK(error.where == "URI");

  // getCause(): In which way, and where.
  CHECK(error.fault == Fault::malformed);
}

TEST_CASE("javax.sip.ObjectInUseException") {
  // ObjectInUseException: None. What is dropped is dropped, and whoever used it is told of its end.

  // ObjectInUseException(): None. Nothing refuses to be dropped.

  // ObjectInUseException(String): None. Nothing refuses to be dropped.

  // ObjectInUseException(String, Throwable): None. Nothing refuses to be dropped.

  Call call;
  call.establish();
  call.alice.agent.drop(call.alices());
  call.net.settle();
  CHECK(call.alice.last<DialogEnded>().why == DialogEnding::dropped);
}

TEST_CASE("javax.sip.PeerUnavailableException") {
  // PeerUnavailableException: None. Nothing is loaded by name.

  // PeerUnavailableException(): None. Nothing is loaded by name.

  // PeerUnavailableException(String): None. Nothing is loaded by name.

  // PeerUnavailableException(String, Throwable): None. Nothing is loaded by name.

  SeededRandom random(1);
  CHECK(UserAgent({}, random).counts() == AgentCounts{});
}

TEST_CASE("javax.sip.ProviderDoesNotExistException") {
  // ProviderDoesNotExistException: None. There are no providers.

  // ProviderDoesNotExistException(): None. There are no providers.

  // ProviderDoesNotExistException(String): None. There are no providers.

  // ProviderDoesNotExistException(String, Throwable): None. There are no providers.

  SeededRandom random(1);
  CHECK(UserAgent({}, random).next_deadline() == never);
}

TEST_CASE("javax.sip.TransactionAlreadyExistsException") {
  // TransactionAlreadyExistsException: None. A request that comes again is not passed up again.

  // TransactionAlreadyExistsException(): None. No transaction is made twice.

  // TransactionAlreadyExistsException(String): None. No transaction is made twice.

  // TransactionAlreadyExistsException(String, Throwable): None. No transaction is made twice.

  Call call;
  call.ask();
  call.net.inject(call.alice, call.bob, std::string{call.alice.sent.front()});
  CHECK(call.bob.all<Request>().size() == 1);
}

TEST_CASE("javax.sip.TransactionDoesNotExistException") {
  Call call;
  UserAgent& agent = call.bob.agent;
  call.ask();
  const sip::Message response = call.response_of(call.bob, call.bob.last<Request>(), 200);

  // TransactionDoesNotExistException: An Error that names the transaction.
  // TransactionDoesNotExistException()
  // TransactionDoesNotExistException(String)
  // TransactionDoesNotExistException(String, Throwable)
  CHECK(agent.respond({}, response, call.net.now).error() == Error{Fault::missing, "transaction"});
}

TEST_CASE("javax.sip.TransactionUnavailableException") {
  UserAgentConfig config;
  config.endpoint.limits.client_transactions_max = 0;
  Call call({}, config);
  call.ask();
  const auto event = call.alice.last<TransactionEnded>();

  // TransactionUnavailableException: It ends at once.
  // TransactionUnavailableException()
  // TransactionUnavailableException(String)
  // TransactionUnavailableException(String, Throwable)
  CHECK(event.why == Ending::refused);
}

TEST_CASE("javax.sip.TransportAlreadySupportedException") {
  // TransportAlreadySupportedException: None. Any number of flows may be of one transport.

  // TransportAlreadySupportedException(): None. Any number of flows may be of one transport.

  // TransportAlreadySupportedException(String): None. Any number may be of one transport.

  // TransportAlreadySupportedException(String, Throwable): None. Any number may be of one.

  Call call(Transport::tcp);
  tck::Node& carol = call.net.add("carol");
  CHECK(call.net.flow(call.alice, call.bob) != call.net.flow(call.alice, carol));
}

TEST_CASE("javax.sip.TransportNotSupportedException") {
  // TransportNotSupportedException: None. Transport is an enumeration of those that there are.

  // TransportNotSupportedException(): None. There are no others.

  // TransportNotSupportedException(String): None. There are no others.

  // TransportNotSupportedException(String, Throwable): None. There are no others.

  CHECK(is_stream(Transport::tls));
}
