#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kith/ua/registration.h"
#include "kith/ua/testing/heard.h"

namespace kith::ua::testing {

inline constexpr std::string_view instance = "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
inline const std::string require_outbound = "Require: outbound\r\n";

/// Knows a password, or does not.
struct Password final : Credentials {
  bool right = true;
  int asked = 0;
  void authorize(sip::Message& request) override {
    if (asked > 0) request.add("Authorization", "Digest answer=" + std::to_string(asked));
  }
  bool challenged(const sip::Message&, const sip::Message&) override {
    ++asked;
    return right;
  }
};

inline RegistrationWish wish(std::uint32_t flows, bool with_instance = true) {
  return {.registrar = "sip:example.com",
          .aor = "sip:alice@example.com",
          .call_id = "c1",
          .instance = with_instance ? std::string{instance} : std::string{},
          .flows = flows};
}

/// A registration and what comes out of it, in virtual time. Flows are made as soon as they are
/// wanted, unless they fail.
struct Phone : Heard<Registration::Output> {
  explicit Phone(RegistrationWish what, Credentials* credentials = nullptr,
                 Transport over = Transport::tcp)
      : registration(std::move(what), random, credentials), transport(over) {
    registration.start(now);
    settle();
  }

  SeededRandom random{7};
  Registration registration;
  Transport transport;
  Time now = start;
  bool flows_fail = false;
  bool silent = false;  // no pongs
  std::string contact = "sip:alice@192.0.2.7:5060";
  std::uint64_t next_flow = 1;
  std::vector<Registration::Register> sent{};

  void settle() {
    while (auto output = registration.poll()) {
      if (const auto* need = std::get_if<Registration::NeedFlow>(&*output)) {
        if (flows_fail)
          registration.flow_down(need->reg_id, now);
        else
          registration.flow_up(need->reg_id, flow(), now);
      } else if (auto* request = std::get_if<Registration::Register>(&*output)) {
        sent.push_back(*request);
      } else if (std::holds_alternative<Registration::Ping>(*output) && !silent) {
        registration.pong(1, now);
        registration.pong(2, now);
      }
      events.push_back(*std::move(output));
    }
  }
  RegistrationFlow flow() {
    return {.flow = {.id = next_flow++, .transport = transport, .local = {}, .remote = {}},
            .contact = contact};
  }
  void wait(Duration duration) {
    const Time until = now + duration;
    while (registration.next_deadline() <= until) {
      now = std::max(now, registration.next_deadline());
      registration.tick(now);
      settle();
    }
    now = until;
  }
  const sip::Message& request() const { return sent.back().request; }

  void answer(int status, const std::string& headers = {}) {
    std::string text = sip::Message::response(request(), status).write();
    text.insert(text.find("\r\n\r\n") + 2, headers);
    registration.answered(*sip::Message::parse(text), now);
    settle();
  }
  /// 200 with our Contact as it was sent, and these parameters.
  void accept(const std::string& params = ";expires=3600",
              const std::string& headers = require_outbound) {
    answer(200, "Contact: " + std::string{request().text("Contact")} + params + "\r\n" + headers);
  }
  void time_out() {
    registration.not_answered(sent.back().sequence, now);
    settle();
  }
};

}  // namespace kith::ua::testing
