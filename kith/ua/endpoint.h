#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <variant>

#include "kith/base/flow.h"
#include "kith/base/random.h"
#include "kith/base/result.h"
#include "kith/base/time.h"
#include "kith/sip/message.h"
#include "kith/transaction/rule.h"
#include "kith/transaction/timers.h"
#include "kith/ua/limits.h"

namespace kith::ua {

using transaction::Ending;
using transaction::TransactionId;

/// What the top Via of our requests says: "host" or "host:port" (RFC 3261 §18.1.1). Where it is
/// empty, the flow's local address is written.
struct SentBy {
  std::string udp{};
  std::string tcp{};
  std::string tls{};
};

/// Whether a message came in or goes out.
enum class Direction : std::uint8_t { in, out };

/// What becomes of a message that an Inspector saw.
struct Verdict {
  enum class What : std::uint8_t { pass, drop, answer };
  What what = What::pass;
  int status = 0;  // of the answer to a request that came in; to anything else there is none
};

/// Sees every message before a transaction does, and after. `bytes` are one whole message.
using Inspector = std::function<Verdict(Direction, const Flow&, std::string_view bytes)>;

/// Why a response that names a transaction of ours is dropped all the same, before the transaction
/// hears of it; nothing: it is what was asked for.
using Objection = std::function<std::optional<Error>(TransactionId, const sip::Message& response)>;

/// How an endpoint behaves, and what it calls itself.
struct Config {
  transaction::Timers timers{};
  SentBy sent_by{};
  std::uint8_t shard = 0;  // written into every branch, so that a response finds its way back

  // SIP-TRAN-16: how long a connection may stay without authenticated(); a client has none.
  std::optional<Duration> connection_timer = 10s;
  // SIP-TRAN-17: how long a connection may be silent. For a keep-alive every 300 s: 1.5 times
  // that and 30 s more.
  std::optional<Duration> idle_timer = 480s;
  // How long a message on a stream may take from its first byte to its last.
  Duration message_timer = 30s;
  // Whether a transaction that did what it was for is reported too, when nothing of it can come
  // again: Ending::complete.
  bool reports_complete = false;
  // An INVITE that has had no answer for Timers::trying is answered 100 here: RFC 3261 §17.2.1.
  bool answers_100 = true;
  // Requests whose Max-Forwards is used up are answered 483 here: RFC 3261 §16.3.
  bool answers_483 = true;
  // A request over Limits::server_transactions_max is answered 503 here; otherwise it is dropped.
  bool answers_503 = true;
  // Whether the Via of what leaves over TLS has `alias`: requests to our sent-by may come over the
  // same connection. For who listens there, and shows a certificate to whom it connects:
  // RFC 5923 §8.1. host::Host sees to it by itself.
  bool offers_alias = false;
  // Whether CR LF CR LF on a stream is answered with CR LF: RFC 5626 §4.4.1. Who knows nothing of
  // it skips that: RFC 3261 §7.5.
  bool answers_pings = true;
  // Whether what belongs to no transaction is passed up, for who forwards without any: a CANCEL as
  // a RequestReceived, a response as a ResponseElsewhere with this shard. RFC 3261 §16.11
  bool passes_strays = false;
  // Whether a request outlives the connection that it came by: its response then comes out as a
  // ReplyStranded. Otherwise it ends with its connection: Ending::transport_error.
  bool outlives_connections = false;
  Inspector inspector{};
  Objection objection{};
  Limits limits{};
};

// ---- What comes out -----------------------------------------------------------------------------

/// Bytes of one whole message: a datagram, or a piece of the stream. They follow one another in
/// the order in which they come out.
struct Send {
  Flow flow;
  std::string bytes;
};

/// The connection is to be closed, after what was sent on it has left. Whether closed() is called
/// for it afterwards makes no difference.
struct Close {
  Flow flow;
};

/// A request that is none of: malformed, repeated, ACK, CANCEL. It wants a final respond().
/// Its top Via says already where it came from; a response made from it echoes that.
struct RequestReceived {
  TransactionId transaction;
  Flow flow;
  sip::Message request;
};

/// A response to a request of ours, its top Via still ours; of the repeated ones only the first.
struct ResponseReceived {
  TransactionId transaction;
  Flow flow;  // where it came in: not always where the request went out
  sip::Message response;
};

/// A response to a request of another endpoint of this process, by the shard in its branch: for
/// take_over() there. A peer may send it to another socket, or over another connection, than the
/// request came by (RFC 3261 §18.2.2).
struct ResponseElsewhere {
  std::uint8_t shard = 0;  // as the branch says; perhaps there is none of this number
  Flow flow;
  sip::Message response;
};

/// An ACK for a 2xx, or for nothing that we know; RFC 3261 §13.2.2.4. There is no answer to it.
struct AckReceived {
  Flow flow;
  sip::Message ack;
};

/// The peer gave up its INVITE and has its 200 for that; the INVITE now wants a 487.
/// RFC 3261 §9.2
struct CancelReceived {
  TransactionId invite;
};

/// The transaction is gone without what it was for, or Config::reports_complete wants to know of
/// each. A request of ours that gets no final response gets exactly one of these instead; a
/// transaction of a peer gets one where the connection broke first (but for outlives_connections),
/// the layer above never answered or called forget(), or no ACK came.
struct Ended {
  TransactionId transaction;
  Ending why = Ending::timed_out;
  std::error_code error;  // where the transport said one
};

/// Why a connection is gone.
enum class Closing : std::uint8_t {
  by_peer,            // or by the network: closed() was called
  by_us,              // close() was called
  not_authenticated,  // SIP-TRAN-16
  idle,               // SIP-TRAN-17
  slow,               // a message did not end in time
  malformed,          // a framing error: where the next message begins is not known
  limit,              // too many connections
  no_pong,            // a ping of ours was not answered: RFC 5626 §4.4.1
};

/// The connection is gone. Requests of ours that went out on it have had their Ended.
struct FlowClosed {
  Flow flow;
  Closing why = Closing::by_peer;
  std::error_code error;
};

/// A response whose connection is gone: it is to be sent over a new one to that host, by RFC 3261
/// §18.2.2. Whoever does not want that drops it. What is sent again comes again.
struct ReplyStranded {
  Flow flow;         // as it was
  std::string host;  // an address, or the name in the peer's Via
  std::uint16_t port = 0;
  std::string bytes;
};

/// The answer to a ping(): RFC 5626 §4.4.1.
struct PongReceived {
  Flow flow;
};

/// For the log: something came in that was not passed up.
struct Refused {
  Flow flow;
  int status = 0;  // what was answered; 0: dropped without an answer
  Error error;
};

using Notice =
    std::variant<RequestReceived, ResponseReceived, ResponseElsewhere, AckReceived, CancelReceived,
                 Ended, FlowClosed, ReplyStranded, PongReceived, Refused>;
using Output = std::variant<Send, Close, Notice>;

/// How many of each are held at the moment.
struct Counts {
  std::size_t client_transactions = 0;
  std::size_t server_transactions = 0;
  std::size_t connections = 0;
  std::size_t outputs = 0;  // not yet polled

  bool operator==(const Counts&) const = default;
};

// ---- The endpoint -------------------------------------------------------------------------------

/// The whole protocol between the wire and whoever decides what to answer: framing, checks,
/// transactions, Via, timers of connections. It never does anything by itself: after every call of
/// one of the others, poll() until it is silent, and call tick() when next_deadline() has come.
///
/// Answered here and not passed up: what is malformed (400, 413, 414, 416, 505, 513), Max-Forwards:
/// 0 (483, but for OPTIONS: RFC 3261 §11), what is repeated, CANCEL (200 or 481), too many
/// transactions (503). A Require with unknown tags is left to the layer above.
class Endpoint {
 public:
  /// `random` outlives the endpoint. A configuration that check() of kith/ua/settings.h refuses
  /// ends the process, with the name of the setting; so do those of UserAgent and Proxy.
  Endpoint(Config config, Random& random);
  ~Endpoint();
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  /// A connection was made or accepted. Datagrams need no opening.
  void opened(const Flow& flow, Time now);
  /// A chunk of a stream, or one whole datagram.
  void receive(const Flow& flow, std::string_view bytes, Time now);
  /// A response that another endpoint received, and whose branch names this one.
  void take_over(const Flow& flow, sip::Message response, Time now);
  /// The connection is lost; for UDP: what was sent there cannot arrive.
  void closed(const Flow& flow, std::error_code why, Time now);

  /// These bytes have not arrived over one connection, and are sent again over another, which
  /// opened() has named: where they are a request of ours, its transaction goes on there, and is
  /// not ended by closed() of the former. For the peer they are the same request.
  void moved(const Flow& from, const Flow& to, std::string_view bytes);

  void tick(Time now);
  /// `never` where no timer is running. It may be earlier than the next thing to happen.
  Time next_deadline() const;

  /// What is to be done next, in order; nothing: wait.
  std::optional<Output> poll();

  /// Answers a RequestReceived, provisional or final. An id that is not (or no longer) waiting is
  /// ignored: the peer went away, or it was answered. A 2xx to INVITE may be sent again.
  void respond(TransactionId transaction, const sip::Message& response, Time now);

  /// Drops a RequestReceived that gets no answer, and whatever would wait for one: it is Ended,
  /// Ending::dropped. An id that is not waiting is ignored.
  void forget(TransactionId transaction);

  /// From now on this transaction has timers of its own instead of Config::timers. What runs begins
  /// anew: after request() with the same `now`, it is as if it had been made with them; before
  /// respond(), the response is sent again by them. Refused: it is gone ("transaction"), or check()
  /// of kith/ua/settings.h refuses them.
  Result<void> set_timers(TransactionId transaction, const transaction::Timers& timers, Time now);
  /// Its own, or those of Config; nothing for a transaction that is gone.
  std::optional<transaction::Timers> timers(TransactionId transaction) const;

  /// Sends a request with a transaction of its own and puts our Via on top. It ends with a final
  /// ResponseReceived (INVITE: 2xx perhaps several times) or with Ended. `branch_end` follows a
  /// hyphen at the end of its branch.
  TransactionId request(const Flow& flow, sip::Message request, Time now,
                        std::string_view branch_end = {});
  /// Sends CANCEL for an INVITE of ours that had a provisional response and no final one;
  /// otherwise nothing (RFC 3261 §9.1). Its own response comes under the id returned.
  std::optional<TransactionId> cancel(TransactionId invite, Time now);
  /// Sends without a transaction. A request (ACK for a 2xx, BENOTIFY) gets our Via on top; a
  /// response goes as it is. `unique` is what makes the branch so, where it must not be random.
  void send(const Flow& flow, sip::Message message, std::string_view unique = {});

  /// Somebody authenticated on this connection: the connection timer ends. SIP-TRAN-16
  void authenticated(const Flow& flow);
  /// From here on no timer closes a connection: whoever is about to end answers first what came in.
  void let_connections_stay();
  void close(const Flow& flow, Closing why = Closing::by_us);
  /// Sends CR LF CR LF. On a stream its answer is a PongReceived; when it is due, and what follows
  /// where it does not come, is KeepAlive's to say. A datagram has no answer: STUN, which RFC 5626
  /// §3.5.2 has for them, is not spoken here, so that a dead UDP flow is found by what times out.
  void ping(const Flow& flow);

  /// Whether what is sent this way leaves: opened() and not closed since; datagrams need neither.
  bool is_up(const Flow& flow) const;

  /// Nothing for a transaction that is gone.
  std::optional<transaction::State> state(TransactionId transaction) const;

  Counts counts() const;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

/// The shard that chose this branch, for a response that came in on another one; nothing for a
/// branch that is not ours.
std::optional<std::uint8_t> shard_of_branch(std::string_view branch);

}  // namespace kith::ua
