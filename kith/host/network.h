#pragma once

#include <cstdint>
#include <deque>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "kith/base/flow.h"
#include "kith/base/result.h"
#include "kith/base/strong.h"
#include "kith/base/time.h"
#include "kith/crypto/system_random.h"
#include "kith/location/location.h"
#include "kith/net/handler.h"
#include "kith/net/reactor.h"
#include "kith/net/tls_context.h"
#include "kith/net/transports.h"
#include "kith/resolver/resolver.h"
#include "kith/sip/header/via.h"
#include "kith/ua/endpoint.h"

namespace kith::host {

/// One whole message on its way: what an Inspector sees, and when it saw it.
struct Traced {
  Time at;
  ua::Direction direction = ua::Direction::in;
  const Flow& flow;
  std::string_view bytes;
};
using Trace = std::function<void(const Traced&)>;

/// What a Network is given. The contexts outlive it.
struct Config {
  const net::TlsContext* server_tls = nullptr;  // without it nobody is listened to by TLS
  const net::TlsContext* client_tls = nullptr;  // without it nothing is sent to by TLS
  location::Config location{};
  resolver::Config resolver{};
  net::Limits network{};
  Trace trace{};
  // Whether requests outlive the connection that they came by, and what answers them goes over a
  // new one to where Via says: RFC 3261 §18.2.2. Otherwise they end with their connection.
  bool replies_anew = true;
  // Whether the Via of what leaves over TLS offers its connection for requests to us, where that
  // may be: we listen for TLS, and client_tls shows a certificate. RFC 5923 §8.1
  bool offers_alias = true;
};

/// Why a request could not be sent anywhere.
struct Unreachable {
  location::Exhaustion why = location::Exhaustion::not_found;
  std::error_code error{};         // of the target that was tried last
  std::optional<Error> refusal{};  // by the agent, of a request in a dialog; then this alone counts

  /// "nobody there could be reached: Connection refused"
  std::string text() const;
};

/// Sockets, the DNS, a clock and random numbers for one agent that has none of them: what the agent
/// wants sent is sent, what comes in is given to it, and its timers run. Host<Agent> is the agent's
/// side. All of it happens on the thread that runs the reactor, which outlives the network.
class Network : private net::Handler {
 public:
  using Reached = std::function<void(std::expected<Flow, Unreachable>)>;

  /// The address that was bound, with the port that the kernel chose if 0 was asked for.
  std::expected<Address, std::error_code> listen(Transport transport, const Address& address);

  /// UDP and TCP at the same port; where 0 was asked for, at one that is free for both.
  std::expected<Address, std::error_code> listen(const Address& address);

  /// Finds a server for the URI and a connection to it (RFC 3263 §4), one that is up where there is
  /// one, and tries the next server where it cannot be reached. `reached` is called once, never
  /// from inside of this call.
  void reach(const location::Request& request, Reached reached);
  /// The same without looking for it: an outbound proxy, say.
  void reach(const location::Target& target, Reached reached);
  /// The same for a response whose connection is gone, by the Via on its top: RFC 3261 §18.2.2,
  /// then RFC 3263 §5.
  void reach(const sip::Via& via, Reached reached);

  /// Until stop(). SIGINT and SIGTERM call it, or else `interrupted`, which may have something to
  /// say to peers first. Once.
  void run(std::function<void()> interrupted = {});
  /// Makes run() return as soon as what was to be sent has been handed to the kernel.
  void stop();
  Time now() const { return reactor_.now(); }
  Random& random() { return random_; }
  net::Reactor& reactor() { return reactor_; }

 protected:
  Network(net::Reactor& reactor, Config config);
  ~Network() override = default;

  /// A search that goes on until it is over: found_wrong() leads to the next server.
  using WayId = Strong<struct WayIdName, std::uint64_t>;
  friend class Attempts;
  WayId search(const location::Request& request, Reached reached);
  void found_wrong(WayId way, location::Failure failure, std::optional<Duration> retry_after = {});
  void found_right(WayId way);

  /// Whatever was said to the agent, what it has to say about it is heard soon.
  void schedule() { turn_.schedule(); }
  void send(ua::Send& send) { transports_.send(send.flow, std::move(send.bytes)); }
  /// Sends a response over a new connection; `lost` is called where there is none to be had, and
  /// for a Config that does not want it.
  void send_anew(const ua::ReplyStranded& reply, std::function<void()> lost);
  void close(const Flow& flow);
  /// Adds what the sockets say about themselves to what the agent is to write and to show.
  void prepare(ua::Config& config);

  /// Who made a connection.
  enum class Opened : std::uint8_t { by_peer, by_us };

 private:
  // The agent's side.
  virtual void agent_opened(const Flow& flow, Opened by) = 0;
  virtual void agent_received(const Flow& flow, std::string_view bytes) = 0;
  virtual void agent_closed(const Flow& flow, std::error_code why) = 0;
  virtual void agent_moved(const Flow& from, const Flow& to, std::string_view bytes) = 0;
  virtual void agent_authenticated(const Flow& flow) = 0;
  virtual void agent_tick() = 0;
  virtual Time agent_deadline() const = 0;
  /// Does what the agent asks for; whether it asked for anything.
  virtual bool agent_drain() = 0;

  void opened(const Flow& flow) override;
  void connected(const Flow& flow) override;
  void received(const Flow& flow, std::string_view bytes) override;
  void failed(const Flow& flow, std::error_code why) override;
  void closed(const Flow& flow, std::error_code why) override;
  void undelivered(const Flow& flow, std::vector<std::string> messages) override;

  /// What two requests share a connection by.
  using Peer = std::tuple<Transport, Address, std::string>;
  struct Way {
    Reached reached;
    bool once = false;                           // it is over when it leads anywhere
    std::optional<location::SearchId> search{};  // none: there is one target
    std::error_code error{};                     // of the last target
  };
  struct Connecting {
    Peer peer;
    std::uint64_t flow = 0;
    std::vector<WayId> ways;
  };

  WayId begin(location::SearchId search, Reached reached, bool once);
  void connect(WayId way, const location::Target& target);
  void lead(WayId way, std::expected<Flow, Unreachable> to);
  void fail(WayId way, location::Failure failure, std::error_code error,
            std::optional<Duration> retry_after = {});
  void forget(std::unordered_map<std::uint64_t, Way>::iterator way);
  std::optional<Connecting> take_connecting(const Flow& flow);
  void lose(const Flow& flow);
  void heed_alias(const Flow& flow, std::string_view bytes);
  void ask(const location::Question& question);
  bool drain_location();
  bool drain_ready();
  void turn();

  net::Reactor& reactor_;
  Config config_;
  crypto::SystemRandom random_;
  net::Transports transports_;
  location::Location location_;
  std::optional<resolver::Resolver> resolver_;
  std::vector<std::pair<Transport, Address>> listening_;
  std::unordered_map<std::uint64_t, Way> ways_;
  std::unordered_map<std::uint64_t, WayId> searches_;
  std::uint64_t last_way_ = 0;
  std::deque<std::pair<WayId, std::expected<Flow, Unreachable>>> ready_;
  std::vector<Connecting> connecting_;
  std::map<Peer, Flow> up_;
  std::unordered_set<std::uint64_t> proven_;  // connections of peers that stand for a domain
  // Connections that go on for one that broke, and until when that is the last retry.
  std::unordered_map<std::uint64_t, Time> fresh_;
  net::Task turn_;
  net::Timer deadline_;
  bool stopping_ = false;
};

}  // namespace kith::host
