#pragma once

#include <chrono>
#include <optional>

#include "kith/base/time.h"
#include "kith/sip/header.h"

namespace kith::sip {

/// Date = wkday "," SP 2DIGIT SP month SP 4DIGIT SP 2DIGIT ":" 2DIGIT ":" 2DIGIT SP "GMT"
/// RFC 3261 §20.17; whole seconds, years 1970 to 2261
struct Date {
  static constexpr HeaderName name{.full = "Date"};
  using View = Date;

  Time time{};

  /// For the calendar and the clocks of others.
  std::chrono::sys_seconds utc() const {
    return std::chrono::sys_seconds{
        std::chrono::floor<std::chrono::seconds>(time.time_since_epoch())};
  }
  static Date of(std::chrono::sys_seconds utc) { return {Time{utc.time_since_epoch()}}; }

  static std::optional<Date> parse(Scanner& in);
  void write(Writer& out) const;
  bool operator==(const Date&) const = default;
};
static_assert(Header<Date>);

}  // namespace kith::sip
