#pragma once

#include <limits>
#include <string_view>

#include "kith/base/scanner.h"

namespace kith::sip {

/// 1*DIGIT; one that does not fit is refused in strict mode, and in lenient mode noted and read as
/// the greatest that does: who sent it meant much.
template <class Number>
bool read_saturated(Scanner& in, Number& out) {
  const char* const start = in.position();
  if (in.number(out)) return true;
  if (in.position() == start || in.strict()) return false;
  in.move_to(start);
  in.note("number beyond the greatest that is meant");
  in.run(digits);
  out = std::numeric_limits<Number>::max();
  return true;
}

}  // namespace kith::sip
