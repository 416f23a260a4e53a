#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "kith/host/host.h"
#include "kith/net/reactor.h"
#include "kith/ua/registration.h"

namespace kith::host {

/// Keeps a registration of a user agent alive over a flow that it finds by itself, pings it where
/// the registrar knows of that, and when it is lost, or a ping has no pong in time, registers again
/// over another (RFC 5626 §4.4, §4.5). There is one flow at a time: who wants several drives a
/// ua::Registration.
class Registering {
 public:
  /// Registered, Failed, Over and Bindings; the others are done here.
  using OnNews = std::function<void(const ua::Registration::Output&)>;

  /// `contact` is a URI that reaches us. The host outlives this, and so do the credentials.
  Registering(Host<ua::UserAgent>& host, ua::RegistrationWish wish, std::string contact,
              OnNews on_news = {}, ua::Credentials* credentials = nullptr,
              ua::BackOff back_off = {});

  void start();
  /// Removes the binding. Ends with Over.
  void stop();
  /// To be called with each event of the agent, PongReceived and FlowClosed among them: whether it
  /// was about this registration and nothing else.
  bool hear(const ua::Event& event);

 private:
  struct Pending {
    ua::TransactionId transaction;
    std::uint32_t sequence = 0;
  };

  void find_flow(std::uint32_t reg_id);
  void drain();

  Host<ua::UserAgent>& host_;
  std::string registrar_;
  std::string contact_;
  OnNews on_news_;
  ua::Registration registration_;
  std::optional<Pending> pending_;
  std::optional<Flow> flow_;
  net::Timer timer_;
};

}  // namespace kith::host
