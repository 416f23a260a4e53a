#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/auth/answers.h"
#include "kith/host/host.h"
#include "kith/net/reactor.h"
#include "kith/net/tls_context.h"
#include "kith/sip/message.h"
#include "kith/ua/user_agent.h"
#include "tools/kith/options.h"

namespace kith::tool {

/// What every command that talks to a peer is told, besides Options.
struct TalkOptions {
  std::string target;       // the Request-URI; "sip:" may be left out
  std::string proxy;        // where all requests go first: "host:port" or a URI
  std::string from;         // a URI; empty: the user, or nobody
  std::string local;        // "host:port"; empty: any address, a port that is free
  std::string certificate;  // files; with them TLS is listened to, too, and shown to who asks
  std::string key;
  bool no_alias = false;             // RFC 5923 §8.1: peers are not to use our connections over TLS
  std::vector<std::string> headers;  // "Name: value"
};

/// The final response to a request, and the request as it was sent last.
struct Answered {
  sip::Message request;
  sip::Message message;
  std::optional<ua::DialogId> dialog{};
  Flow flow{};
  Duration took{};
  bool given_up = false;  // it was cancelled, and the response came all the same
  std::string hint{};     // why a challenge was not answered

  bool success() const { return message.status() < 300; }
};

/// A user agent on real sockets that does one thing after another: asks and waits.
class Talk final : private auth::Logins {
 public:
  using Heard = std::function<void(const ua::Response&)>;  // of provisional responses

  Talk(const Options& options, const TalkOptions& told);
  ~Talk() override;

  /// Opens sockets and starts the agent. Refuses what no request can be made of.
  Maybe<void> open(ua::UserAgentConfig config = {});

  Time now() const { return reactor_.now(); }
  ua::UserAgent& agent() { return host_->agent(); }
  host::Host<ua::UserAgent>& host() { return *host_; }
  net::Reactor& reactor() { return reactor_; }
  const std::vector<std::pair<Transport, Address>>& listening() const { return listening_; }
  const sip::Uri& target() const { return target_; }
  const std::string& from() const { return from_; }
  /// Who is meant by the credentials; nothing was given: no challenge can be answered.
  bool has_password() const { return login_.has_value(); }

  /// A request to the target that is in no dialog, with the headers that were asked for.
  sip::Message request(std::string_view method);
  /// Puts the headers that were asked for on a request, and the Route of the proxy.
  Maybe<void> complete(sip::Message& request) const;
  /// Finds the peer, or the proxy, and connects.
  Maybe<Flow> reach();
  /// Where a peer of this flow reaches us.
  std::string contact(const Flow& flow) const;

  /// Sends a request, answers challenges, and waits for the final response. Of an INVITE that
  /// nobody answers in time, or when a signal comes, a CANCEL is sent.
  Maybe<Answered> ask(sip::Message request, const Heard& heard = {});
  /// The same within a dialog; `fill` completes each try.
  Maybe<Answered> ask_in(ua::DialogId dialog, std::string_view method,
                         const std::function<void(sip::Message&)>& fill = {});
  /// Puts credentials on a request that are known, and learns of those that are asked for.
  void authorize(sip::Message& request) { answers_.authorize(request, host_->random()); }
  bool challenged(const sip::Message& request, const sip::Message& response,
                  auth::Attempt& attempt) {
    return answers_.challenged(request, response, attempt, *this).has_value();
  }

  /// The next event that nobody waited for; nothing if none came until then, or a signal asked to
  /// stop.
  std::optional<ua::Event> next(Time deadline);
  bool stopped() const { return stopped_; }
  /// From here on it is about taking leave: a signal that came is forgotten.
  void go_on() { stopped_ = false; }
  /// Waits for what was sent to be handed to the kernel.
  void flush();

 private:
  struct Try {
    std::vector<ua::TransactionId> transactions;
    std::string unreachable;
    std::optional<Failure> failure;
    std::optional<ua::Response> response;
  };

  std::optional<auth::Login> login(const auth::LoginQuery&) const override { return login_; }
  Maybe<void> read_options();
  /// What can be spoken over TLS, and shown there.
  Maybe<void> secure(host::Config& network);
  Maybe<void> listen();
  Maybe<ua::Response> wait(Try& attempt, Time deadline, const Heard& heard);
  void take(Try& attempt, ua::Event event, const Heard& heard);
  Maybe<Answered> ask_once(const sip::Message& request, const Heard& heard);
  Maybe<Answered> give_up(Try& attempt, const sip::Message& request, const Heard& heard,
                          const Failure& why);
  std::string hint(const auth::Unanswered& why) const;
  Failure silence() const;

  const Options& options_;
  const TalkOptions& told_;
  net::Reactor reactor_;
  std::optional<net::TlsContext> client_tls_;
  std::optional<net::TlsContext> server_tls_;
  std::unique_ptr<host::Host<ua::UserAgent>> host_;
  std::vector<std::pair<Transport, Address>> listening_;
  sip::Uri target_;
  std::optional<sip::Uri> proxy_;
  std::string from_;
  std::optional<auth::Login> login_;
  auth::Answers answers_;
  std::deque<ua::Event> events_;  // as they came
  std::deque<ua::Event> kept_;    // those that nobody waited for
  bool stopped_ = false;
};

}  // namespace kith::tool
