#include "tests/sim/calls/registrant.h"

#include <utility>

#include "kith/base/overloaded.h"

namespace kith::calls {

using ua::Registration;

namespace {

constexpr std::uint32_t only_flow = 1;

ua::RegistrationWish wish(const Person& person, std::uint16_t proxy) {
  return {.registrar = "sip:registrar@127.0.0.1:" + std::to_string(proxy),
          .aor = person.node.uri(person.name()),
          .call_id = "registration-of-" + person.name(),
          .instance = "urn:uuid:00000000-0000-1000-8000-" + person.name(),
          .expires_seconds = 300};
}

}  // namespace

Registrant::Registrant(Person& person, Net& net, Agenda& agenda, std::uint16_t proxy)
    : person_(person),
      net_(net),
      agenda_(agenda),
      proxy_(proxy),
      random_(agenda.below(1U << 30U)),
      registration_(wish(person, proxy), random_) {
  person_.also = [this](const ua::Event& event) { on(event); };
}

void Registrant::start() {
  started_ = true;
  registration_.start(net_.now);
  drain();
  for (std::uint64_t breaks = agenda_.below(3); breaks > 0; --breaks)
    agenda_.after(agenda_.between(1s, 1500s), [this] { break_flow(); });
  agenda_.after(agenda_.between(1s, 1800s), [this] { give_up(); });
}

void Registrant::break_flow() {
  registration_.flow_down(only_flow, net_.now);
  drain();
}

void Registrant::give_up() {
  if (agenda_.chance(20))
    registration_.remove_all(net_.now);
  else
    registration_.stop(net_.now);
  drain();
}

void Registrant::drain() {
  while (const std::optional<Registration::Output> output = registration_.poll()) take(*output);
  const Time next = registration_.next_deadline();
  if (next >= armed_) return;
  armed_ = next;
  agenda_.after(std::max(next - net_.now, Duration{}), [this] {
    armed_ = never;
    registration_.tick(net_.now);
    drain();
  });
}

void Registrant::take(const Registration::Output& output) {
  std::visit(Overloaded{[this](const Registration::NeedFlow& need) {
                          registration_.flow_up(need.reg_id,
                                                {.flow = person_.node.to(proxy_),
                                                 .contact = person_.node.uri(person_.name())},
                                                net_.now);
                        },
                        [this](const Registration::Register& asked) {
                          const ua::TransactionId id =
                              person_.node.agent.request(asked.flow, asked.request, net_.now);
                          person_.account.began(id);
                          asked_.emplace(id, asked.sequence);
                        },
                        [this](const Registration::Ping& ping) {
                          person_.node.agent.ping(ping.flow, net_.now);
                        },
                        [this](const Registration::Registered&) { ++registered_; },
                        [this](const Registration::Over&) { ++ended_; }, [](const auto&) {}},
             output);
}

void Registrant::on(const ua::Event& event) {
  if (const auto* response = std::get_if<ua::Response>(&event)) {
    if (!asked_.contains(response->transaction)) return;
    registration_.answered(response->message, net_.now);
  } else if (const auto* ended = std::get_if<ua::TransactionEnded>(&event)) {
    const auto asked = asked_.extract(ended->transaction);
    if (asked.empty() || ended->why == ua::Ending::complete) return;
    registration_.not_answered(asked.mapped(), net_.now);
  } else {
    return;
  }
  drain();
}

void Registrant::judge(std::string_view who, std::vector<std::string>& failures) const {
  if (!started_) return;
  if (ended_ != 1)
    failures.push_back(std::string{who} + ": the registration ended " + std::to_string(ended_) +
                       " times");
  if (registration_.next_deadline() != never)
    failures.push_back(std::string{who} + ": the registration waits for something");
}

}  // namespace kith::calls
