#pragma once

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

  static std::optional<Date> parse(Scanner& in);
  void write(Writer& out) const;
  bool operator==(const Date&) const = default;
};
static_assert(Header<Date>);

}  // namespace kith::sip
