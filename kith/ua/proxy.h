#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <variant>
#include <vector>

#include "kith/base/flow.h"
#include "kith/base/random.h"
#include "kith/base/result.h"
#include "kith/base/time.h"
#include "kith/sip/message.h"
#include "kith/sip/qvalue.h"
#include "kith/sip/uri.h"
#include "kith/ua/endpoint.h"
#include "kith/ua/layer.h"
#include "kith/ua/limits.h"
#include "kith/ua/user_agent.h"

namespace kith::ua {

/// What a proxy answers by itself. Each can be switched off: the request is then passed up.
struct ProxyAnswers {
  bool looped = true;         // 482: it went out from here before as it is, RFC 3261 §16.3 step 4
  bool proxy_require = true;  // 420: Proxy-Require is not supported, RFC 3261 §16.3 step 5
};

/// How a proxy behaves, and what it answers for.
struct ProxyConfig {
  Config endpoint{};
  /// "host" or "host:port": what URIs call this proxy, besides the address that a request came to.
  std::vector<std::string> names{};
  /// The URI that goes into Record-Route of the requests that can make a dialog or change where its
  /// sides are, such as "sip:proxy.example.com;lr": RFC 3261 §16.6 step 4. Empty: none.
  std::string record_route{};
  /// The URI that goes into Path of a REGISTER: RFC 3327 §5.2. Empty: none.
  std::string path{};
  /// How long a target of an INVITE may only ring before the next are tried, as in RFC 5359 §2.9;
  /// nothing: timer C, which is for those that say nothing at all any more.
  std::optional<Duration> no_answer_timer{};
  /// What Proxy-Require may ask for: RFC 3261 §16.3 step 5.
  std::vector<std::string> supported{};
  /// Whether forward_statelessly() is called for more than ACK: then CANCEL that match nothing are
  /// passed up, too, and responses without a transaction forwarded.
  bool stateless = false;
  ProxyAnswers answers{};
  ProxyLimits limits{};
};

/// One of the places that a request is forwarded to. Those of the same q are tried at the same
/// time, and lower ones when these have all refused: RFC 3261 §16.6.
struct Target {
  Flow flow;
  std::string uri{};  // the Request-URI; empty: it stays as it is
  sip::QValue q{};
  // What goes before its Route, the first on top, each as it stands there: the Path that somebody
  // registered with, RFC 3327 §5.4. The flow is to whom the first names.
  std::vector<std::string> routes{};
};

/// A request that wants a forward(), forward_statelessly() or a final respond(). Its Route has been
/// preprocessed: RFC 3261 §16.4.
struct ProxyRequest {
  TransactionId transaction;
  Flow flow;
  sip::Message message;
  std::optional<sip::Uri> own_route;  // the Route that named this proxy and was removed
  std::string next_hop;               // the URI that it goes to, as long as its Request-URI stays
};

/// An ACK for a 2xx, or, where requests are forwarded without transactions, for any response. It
/// wants a forward_statelessly(): RFC 3261 §13.2.2.4, §16.11.
struct ProxyAck {
  Flow flow;
  sip::Message message;
  std::optional<sip::Uri> own_route;
  std::string next_hop;
};

/// A request is done with, and nothing of it can come again: the last that is heard of it.
struct ProxyEnded {
  TransactionId transaction;
  int status = 0;                 // the final response that its sender had; 0: none
  Ending why = Ending::complete;  // of the transaction that it came in; dropped where none is kept
  std::error_code error{};        // where the transport said one
};

using ProxyEvent = std::variant<ProxyRequest, ProxyAck, Cancelled, ProxyEnded, ResponseElsewhere,
                                FlowClosed, ReplyStranded, PongReceived, Refused>;
using ProxyOutput = std::variant<Send, Close, ProxyEvent>;

/// How many of each are held at the moment.
struct ProxyCounts {
  Counts endpoint;
  std::size_t contexts = 0;  // requests that something is remembered of

  bool operator==(const ProxyCounts&) const = default;
};

class ProxyCore;

/// A proxy of RFC 3261 §16 that keeps the state of transactions, and none of dialogs. Where
/// requests go is for the layer above to say; all else is done here.
///
/// Answered here and not passed up, besides what an Endpoint answers: a request that went out from
/// here before as it is (482), Proxy-Require that is not supported (420), too many requests (503).
class Proxy : public Layer<ProxyCore, ProxyOutput> {
 public:
  /// `random` outlives the proxy.
  Proxy(ProxyConfig config, Random& random);

  /// Forwards a ProxyRequest: RFC 3261 §16.6. Refused, and nothing is sent: it is gone, answered or
  /// forwarded ("transaction"), there is no target, or there are too many ("targets"), it is a
  /// CANCEL ("method").
  Result<void> forward(TransactionId transaction, std::vector<Target> targets, Time now);
  /// Forwards it without a transaction, which is forgotten: RFC 3261 §16.11. The same request must
  /// always go the same way. Refused: as forward().
  Result<void> forward_statelessly(TransactionId transaction, const Target& target, Time now);
  /// Forwards an ACK. One whose Max-Forwards is used up is dropped.
  void forward_statelessly(ProxyAck ack, const Target& target, Time now);
  /// Answers a ProxyRequest here, provisional or final; what it was forwarded to is cancelled after
  /// a final one. Adds a To tag where there is none. Refused: it is gone or answered.
  Result<void> respond(TransactionId transaction, sip::Message response, Time now);

  ProxyCounts counts() const;
};

}  // namespace kith::ua
