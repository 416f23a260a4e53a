#pragma once

#include <concepts>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "kith/base/ensure.h"
#include "kith/base/overloaded.h"
#include "kith/host/attempts.h"
#include "kith/host/network.h"
#include "kith/sip/method.h"
#include "kith/ua/endpoint.h"
#include "kith/ua/proxy.h"
#include "kith/ua/user_agent.h"

namespace kith::host {

/// What belongs to an agent: how it is configured, and what it has to say.
template <class Agent>
struct Kind;

template <>
struct Kind<ua::Endpoint> {
  using Config = ua::Config;
  using Event = ua::Notice;
  static ua::Config& endpoint(Config& config) { return config; }
};

template <>
struct Kind<ua::UserAgent> {
  using Config = ua::UserAgentConfig;
  using Event = ua::Event;
  static ua::Config& endpoint(Config& config) { return config.endpoint; }
};

template <>
struct Kind<ua::Proxy> {
  using Config = ua::ProxyConfig;
  using Event = ua::ProxyEvent;
  static ua::Config& endpoint(Config& config) { return config.endpoint; }
};

/// Runs an agent on real sockets: ua::Endpoint, ua::UserAgent or ua::Proxy.
///
///     net::Reactor reactor;
///     host::Host<ua::UserAgent> host(reactor);
///     const auto address = host.listen(Transport::udp, Address::v4(127, 0, 0, 1, 5060));
///     host.start({}, [&](ua::Event& event) { … });
///     host.run();
template <class Agent>
class Host final : public Network {
 public:
  using Event = Kind<Agent>::Event;
  /// May call the agent and the host, but not destroy it.
  using OnEvent = std::function<void(Event&)>;

  explicit Host(net::Reactor& reactor, host::Config config = {})
      : Network(reactor, std::move(config)) {}

  /// Makes the agent, once: after listen(), so that it knows where it is, and before run(). An
  /// empty sent_by of TCP or TLS becomes the address that is listened on. Connections that were
  /// made from here have no connection_timer; who lets peers stay that never authenticate turns it
  /// off.
  void start(Kind<Agent>::Config config, OnEvent on_event) {
    prepare(Kind<Agent>::endpoint(config));
    agent_.emplace(std::move(config), random());
    on_event_ = std::move(on_event);
  }

  /// To be called on, from the reactor's turns or before them; what that leads to is done at the
  /// end of the turn.
  Agent& agent() {
    ensure(agent_.has_value());
    schedule();
    return *agent_;
  }
  Agent* operator->() { return &agent(); }

  /// Sends a request that is in no dialog to the server that it is for, and where that fails, to
  /// the next: RFC 3263 §4. `started` is called with each transaction, and from then on events tell
  /// of it; those of a server that is given up for another are left out. Where there is nobody to
  /// send it to, it is called with the reason, and that is all.
  void request(sip::Message request, Attempts::Started started = {})
    requires requires(Agent agent, Flow flow) {
      { agent.request(flow, std::move(request), Time{}) } -> std::same_as<ua::TransactionId>;
    }
  {
    attempts_.start(std::move(request), std::move(started));
  }

  /// Sends what draft() made, as UserAgent::send(): the way that its dialog goes, within this call.
  /// Where that connection is gone, a fresh one is made to where the first of the routes, or the
  /// remote target, says (RFC 3261 §12.2.1.1, RFC 3263 §4), and the dialog goes on over it.
  /// `started` as of request(). What breaks under way ends its transaction and is not sent again,
  /// for the peer may have acted upon it.
  void send(ua::DialogId dialog, sip::Message request, Attempts::Started started = {})
    requires std::same_as<Agent, ua::UserAgent>
  {
    const location::Request wanted = wanted_of(request);
    lead(dialog, wanted,
         [this, dialog, request = std::move(request),
          started = std::move(started)](const std::expected<void, Unreachable>& led) mutable {
           if (!led) return started ? started(std::unexpected(led.error())) : void();
           const auto id = agent().send(dialog, std::move(request), now());
           if (started && id) started(*id);
           if (started && !id) started(std::unexpected(Unreachable{.refusal = id.error()}));
         });
  }

  /// Sends the ACK for a 2xx, as UserAgent::ack(), the same way as send(). `done` is called with
  /// the reason where it could not be sent.
  void ack(ua::DialogId dialog, std::string content_type = {}, std::string body = {},
           std::function<void(std::expected<void, Unreachable>)> done = {})
    requires std::same_as<Agent, ua::UserAgent>
  {
    const auto outline = agent().draft(dialog, sip::method::ack);
    lead(dialog, outline ? wanted_of(*outline) : location::Request{},
         [this, dialog, content_type = std::move(content_type), body = std::move(body),
          done = std::move(done)](std::expected<void, Unreachable> led) {
           if (led)
             if (const auto sent = agent().ack(dialog, now(), content_type, body); !sent)
               led = std::unexpected(Unreachable{.refusal = sent.error()});
           if (done) done(std::move(led));
         });
  }

  /// RFC 5626 §3.5.1: CR LF CR LF, for those between who forget a flow that is silent. On a stream
  /// its answer is a PongReceived; KeepAlive knows when it is due, and UserAgent::keep_alive() goes
  /// on with it by itself.
  void ping(const Flow& flow) {
    if constexpr (requires(Agent agent) { agent.ping(flow, Time{}); })
      agent().ping(flow, now());
    else
      agent().ping(flow);
  }

 private:
  void agent_opened(const Flow& flow, Opened by) override {
    agent().opened(flow, now());
    if (by == Opened::by_us) agent().authenticated(flow);
  }
  void agent_received(const Flow& flow, std::string_view bytes) override {
    agent().receive(flow, bytes, now());
  }
  void agent_closed(const Flow& flow, std::error_code why) override {
    agent().closed(flow, why, now());
  }
  void agent_moved(const Flow& from, const Flow& to, std::string_view bytes) override {
    agent().moved(from, to, bytes);
  }
  void agent_authenticated(const Flow& flow) override { agent().authenticated(flow); }
  void agent_tick() override { agent().tick(now()); }
  Time agent_deadline() const override { return agent_ ? agent_->next_deadline() : never; }

  bool agent_drain() override {
    bool any = false;
    while (auto output = agent_ ? agent_->poll() : std::nullopt) {
      any = true;
      std::visit(Overloaded{[this](ua::Send& send) { Network::send(send); },
                            [this](const ua::Close& close) { Network::close(close.flow); },
                            [this](Event& event) { take(event); }},
                 *output);
    }
    return any;
  }

  /// Calls `then` as soon as the dialog has a way that is there, or is gone, so that the agent will
  /// say so; or with the reason why there is none.
  void lead(ua::DialogId dialog, const location::Request& wanted,
            std::function<void(const std::expected<void, Unreachable>&)> then)
    requires std::same_as<Agent, ua::UserAgent>
  {
    const auto is_lost = [this, dialog] {
      const std::optional<Flow> flow = agent().flow(dialog);
      return flow && !agent().is_up(*flow);
    };
    if (!is_lost()) return then({});
    reach(wanted, [this, dialog, wanted, is_lost,
                   then = std::move(then)](const std::expected<Flow, Unreachable>& to) {
      if (!is_lost()) return then({});  // the peer has come back by itself
      if (!to) return then(std::unexpected(to.error()));
      // What the agent has closed in this turn may still look as if it were there.
      if (!agent().is_up(*to)) return lead(dialog, wanted, then);
      agent().use(dialog, *to);
      then({});
    });
  }

  void take(Event& event) {
    using enum Attempts::Fate;
    if (const auto* reply = std::get_if<ua::ReplyStranded>(&event))
      return send_anew(*reply, [this, lost = *reply] {
        Event told = lost;
        on_event_(told);
      });
    const auto outcome = std::visit([](const auto& each) { return outcome_of(each); }, event);
    const Attempts::Fate fate = outcome ? attempts_.fate(*outcome) : show;
    if (fate == show) on_event_(event);
    if (fate == hold)
      attempts_.hold(outcome->transaction,
                     [this, event = std::move(event)]() mutable { on_event_(event); });
  }

  ua::TransactionId send_request(const Flow& flow, sip::Message request) {
    if constexpr (requires { agent_->request(flow, std::move(request), now()); })
      return agent_->request(flow, std::move(request), now());
    else
      return {};
  }

  std::optional<Agent> agent_;
  OnEvent on_event_;
  Attempts attempts_{*this, [this](const Flow& flow, sip::Message request) {
                       return send_request(flow, std::move(request));
                     }};
};

}  // namespace kith::host
