#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "kith/base/writer.h"

namespace kith::sip {

/// How much something is preferred: qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )
/// RFC 3261 §25.1. In thousandths, so that equal values compare equal. Where a header has none it
/// counts as 1, which is QValue{}.
struct QValue {
  std::uint16_t thousandths = 1000;  // 0 to 1000

  /// The whole text of a parameter; nothing for one that is absent or no qvalue.
  static std::optional<QValue> parse(std::optional<std::string_view> text);
  /// With the fewest digits: "0.7", "1".
  void write(Writer& out) const;
  auto operator<=>(const QValue&) const = default;
};

}  // namespace kith::sip
