// Takes requests to where their users have registered, and on to other servers: a stateful proxy of
// RFC 3261 §16 with the registrar of DOMAIN, and of its own address.
//   stateful_proxy [PORT [DOMAIN]]   on 127.0.0.1, UDP and TCP; 0 or nothing: a port that is free
#include <memory>

#include "bindings.h"
#include "kith/sip/header/route.h"
#include "kith/ua/proxy_routing.h"
#include "program.h"

using namespace examples;

struct StatefulProxy : Program<ua::Proxy> {
  /// The places that a request goes to, as long as ways to them are being looked for.
  struct Fork {
    ua::ProxyRequest request;
    std::size_t missing = 0;
    std::vector<ua::Target> targets{};
  };
  Bindings bindings{};
  std::vector<std::string> domains{};

  void run(const Arguments& given) {
    if (const auto domain = given.text(1); !domain.empty()) domains.push_back(domain);
    listen(given.number(0, 0));
    start(*this, {.record_route = "sip:" + address + ";lr"});
    host.run();
  }

  void on(const ua::ProxyRequest& request) {
    const sip::Message& message = request.message;
    std::puts((std::string{message.method()} + ' ' + std::string{message.request_uri()}).c_str());
    if (is_ours(request) && message.method() == "REGISTER")
      return void(respond(request, bindings.update(message, host.now())));
    const auto places = find(request);
    places.empty() ? respond(request, 404) : fork(request, places);
  }
  void on(const ua::ProxyAck& ack) {
    for (const Bindings::Place& place : find(ack))
      host.reach({.uri = place.next_hop()}, [this, ack, place](const auto& flow) {
        if (flow) host->forward_statelessly(ack, target(ack, place, *flow), host.now());
      });
  }
  void on(const ua::ProxyEnded& ended) { std::printf("answered with %d\n", ended.status); }

  /// Whether it is for a user of ours, or for another place.
  bool is_ours(const auto& request) const {
    const auto user = sip::UriView::parse(request.message.request_uri());
    const bool is_routed = request.message.template has<sip::Route>();
    return !is_routed && user && ua::is_own(*user, domains, request.flow);
  }
  std::vector<Bindings::Place> find(const auto& request) const {
    if (is_ours(request))
      return bindings.find(*sip::UriView::parse(request.message.request_uri()), host.now());
    const auto next_hop = sip::Uri::parse(request.next_hop);
    return std::vector(next_hop ? 1 : 0, Bindings::Place{{.uri = next_hop.value_or(sip::Uri{})}});
  }
  /// Where a Route leads on, the Request-URI stays.
  static ua::Target target(const auto& request, const Bindings::Place& place, const Flow& flow) {
    const sip::Contact& to = place.contact;
    const auto uri = request.message.template has<sip::Route>() ? "" : to.uri.to_string();
    return {flow, uri, to.q().value_or(sip::QValue{}), place.routes()};
  }
  /// To all of them, by their q: RFC 3261 §16.6.
  void fork(const ua::ProxyRequest& request, const std::vector<Bindings::Place>& places) {
    const auto fork = std::make_shared<Fork>(request, places.size());
    for (const Bindings::Place& place : places)
      host.reach({.uri = place.next_hop()}, [this, fork, place](const auto& flow) {
        if (flow) fork->targets.push_back(target(fork->request, place, *flow));
        if (--fork->missing > 0) return;
        if (fork->targets.empty()) return respond(fork->request, 480);
        (void)host->forward(fork->request.transaction, std::move(fork->targets), host.now());
      });
  }
};

int main(int argc, char** argv) {
  StatefulProxy().run({argc, argv, 0, 2, "stateful_proxy [PORT [DOMAIN]]"});
}
