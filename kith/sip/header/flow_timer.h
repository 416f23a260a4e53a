#pragma once

#include <cstdint>
#include <optional>

#include "kith/sip/header.h"

namespace kith::sip {

/// Flow-Timer = 1*DIGIT
/// RFC 5626 §10: seconds after which the server takes a silent flow for dead
struct FlowTimer {
  static constexpr HeaderName name{.full = "Flow-Timer"};
  using View = FlowTimer;

  std::uint32_t seconds = 0;

  static std::optional<FlowTimer> parse(Scanner& in);
  void write(Writer& out) const { out << seconds; }
  bool operator==(const FlowTimer&) const = default;
};
static_assert(Header<FlowTimer>);

}  // namespace kith::sip
