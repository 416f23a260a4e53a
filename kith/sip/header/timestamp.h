#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/base/time.h"
#include "kith/sip/header.h"

namespace kith::sip {

/// Timestamp = 1*DIGIT [ "." *DIGIT ] [ LWS delay ]
/// delay     = *DIGIT [ "." *DIGIT ]
/// RFC 3261 §20.38; both in seconds. A 100 repeats the time and adds how long it took:
/// RFC 3261 §8.2.6.1
template <class Text>
struct BasicTimestamp {
  static constexpr HeaderName name{.full = "Timestamp"};
  using View = BasicTimestamp<std::string_view>;
  using Value = BasicTimestamp<std::string>;

  Text time_text{};   // as it came, since the sender must find its own digits again
  Text delay_text{};  // empty: none

  /// Of the sender's own clock. Digits below a nanosecond are cut off; nothing for what no Duration
  /// can hold.
  std::optional<Duration> time() const;
  std::optional<Duration> delay() const;
  /// Neither may be negative.
  void set_time(Duration time)
    requires Owning<Text>;
  void set_delay(Duration delay)
    requires Owning<Text>;

  static std::optional<BasicTimestamp> parse(Scanner& in) { return parse_as<BasicTimestamp>(in); }
  void write(Writer& out) const;
  static auto tie(auto& self) { return std::tie(self.time_text, self.delay_text); }
  bool operator==(const BasicTimestamp&) const = default;
};

using Timestamp = BasicTimestamp<std::string>;
using TimestampView = BasicTimestamp<std::string_view>;
/// A time begins with a digit; blanks that no delay follows are left in the scanner.
bool read(Scanner& in, TimestampView& to);
static_assert(Header<Timestamp>);

}  // namespace kith::sip
