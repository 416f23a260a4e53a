#include "kith/host/registering.h"

#include <utility>

namespace kith::host {

namespace {

constexpr std::uint32_t only_flow = 1;

}  // namespace

Registering::Registering(Host<ua::UserAgent>& host, ua::RegistrationWish wish, std::string contact,
                         OnNews on_news, ua::Credentials* credentials, ua::BackOff back_off)
    : host_(host),
      registrar_(wish.registrar),
      contact_(std::move(contact)),
      on_news_(std::move(on_news)),
      registration_(std::move(wish), host.random(), credentials, back_off),
      timer_(host.reactor().timer([this] {
        registration_.tick(host_.now());
        drain();
      })) {}

void Registering::start() {
  registration_.start(host_.now());
  drain();
}

void Registering::stop() {
  registration_.stop(host_.now());
  drain();
}

bool Registering::hear(const ua::Event& event) {
  const Time now = host_.now();
  if (const auto* closed = std::get_if<ua::FlowClosed>(&event)) {
    if (!flow_ || flow_->id != closed->flow.id) return false;
    flow_.reset();
    registration_.flow_down(only_flow, now);
    drain();
    return false;  // others may have used it too
  }
  if (const auto* pong = std::get_if<ua::PongReceived>(&event)) {
    if (!flow_ || flow_->id != pong->flow.id) return false;
    registration_.pong(only_flow, now);
    drain();
    return false;
  }
  if (!pending_) return false;
  if (const auto* response = std::get_if<ua::Response>(&event)) {
    if (response->transaction != pending_->transaction) return false;
    registration_.answered(response->message, now);
  } else if (const auto* ended = std::get_if<ua::TransactionEnded>(&event)) {
    if (ended->transaction != pending_->transaction) return false;
    const Pending over = *std::exchange(pending_, std::nullopt);
    if (ended->why != ua::Ending::complete) registration_.not_answered(over.sequence, now);
  } else {
    return false;
  }
  drain();
  return true;
}

void Registering::find_flow(std::uint32_t reg_id) {
  const auto reached = [this, reg_id](const std::expected<Flow, Unreachable>& to) {
    flow_ = to ? std::optional{*to} : std::nullopt;
    if (to)
      registration_.flow_up(reg_id, {.flow = *to, .contact = contact_}, host_.now());
    else
      registration_.flow_down(reg_id, host_.now());
    drain();
  };
  const auto uri = sip::Uri::parse(registrar_);
  host_.reach(location::Request{.uri = uri ? *uri : sip::Uri{}}, reached);
}

void Registering::drain() {
  while (auto output = registration_.poll()) {
    using R = ua::Registration;
    std::visit(Overloaded{[this](const R::NeedFlow& need) { find_flow(need.reg_id); },
                          [this](const R::Register& wanted) {
                            pending_ = {host_->request(wanted.flow, wanted.request, host_.now()),
                                        wanted.sequence};
                          },
                          [this](const R::Ping& ping) { host_.ping(ping.flow); },
                          [this](const R::CloseFlow& close) {
                            if (is_stream(close.flow.transport))
                              host_->close(close.flow, host_.now());
                          },
                          [this, &output](const auto&) {
                            if (on_news_) on_news_(*output);
                          }},
               *output);
  }
  timer_.set(registration_.next_deadline());
}

}  // namespace kith::host
