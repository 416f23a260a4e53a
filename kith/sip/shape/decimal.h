#pragma once

#include <cstdint>
#include <string_view>

#include "kith/base/writer.h"

namespace kith::sip {

/// What stands after a decimal point, as a count of 10^-places; digits beyond those are cut off.
std::uint64_t fraction(std::string_view digits_after_point, unsigned places);

/// 700 with three places is "0.7", 1000 is "1": the fewest digits that say the same.
void write_decimal(Writer& out, std::uint64_t value, unsigned places);

}  // namespace kith::sip
