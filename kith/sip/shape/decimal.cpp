#include "kith/sip/shape/decimal.h"

namespace kith::sip {

std::uint64_t fraction(std::string_view digits_after_point, unsigned places) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < places; ++i) {
    value *= 10;
    if (i < digits_after_point.size())
      value += static_cast<std::uint64_t>(digits_after_point[i] - '0');
  }
  return value;
}

void write_decimal(Writer& out, std::uint64_t value, unsigned places) {
  std::uint64_t unit = 1;
  for (unsigned i = 0; i < places; ++i) unit *= 10;
  out << value / unit;
  value %= unit;
  if (value != 0) out << '.';
  while (value != 0) {
    unit /= 10;
    out << static_cast<char>('0' + value / unit);
    value %= unit;
  }
}

}  // namespace kith::sip
