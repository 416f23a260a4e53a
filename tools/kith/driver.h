#pragma once

#include <csignal>
#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "kith/client/session.h"
#include "kith/crypto/system_random.h"
#include "kith/gssapi/initiator.h"
#include "kith/net/handler.h"
#include "kith/net/reactor.h"
#include "kith/net/tls_context.h"
#include "kith/net/transports.h"
#include "tools/kith/options.h"
#include "tools/kith/place.h"

namespace kith::tool {

/// Gives a session a connection, a clock and a Kerberos library: the one place of this program that
/// meets the world.
class Driver final : public net::Handler {
 public:
  using Traced = std::function<void(const client::Trace&, const Flow&, Time)>;

  Driver(const Options& options, client::Settings settings, Traced traced);
  ~Driver() override;

  /// Connects, and signs in as soon as the connection is there.
  Maybe<void> connect(const Place& place);

  client::Session& session() { return session_; }
  Time now() const { return reactor_.now(); }

  /// The next event but for traces; nothing if none came until then, or a signal asked to stop.
  std::optional<client::Event> next(Time deadline);
  bool stopped() const { return stopped_; }
  /// Signs out and waits for it, for a little while; where nobody is signed in there is nothing to
  /// say.
  void sign_out();
  /// Does what a call of session() has led to; next() does so too.
  void drain();

 private:
  void opened(const Flow&) override {}
  void connected(const Flow& flow) override;
  void received(const Flow& flow, std::string_view bytes) override;
  void failed(const Flow& flow, std::error_code why) override;
  void closed(const Flow& flow, std::error_code why) override;
  void take(client::Event event);

  const Options& options_;
  Traced traced_;
  Flow flow_;  // of the connection, once it is there
  crypto::SystemRandom random_;
  net::Reactor reactor_;
  std::optional<net::TlsContext> tls_;
  std::unique_ptr<net::Transports> transports_;
  net::Timer timer_;
  gssapi::Initiator initiator_;
  client::Session session_;
  std::deque<client::Event> events_;
  bool stopped_ = false;
};

}  // namespace kith::tool
