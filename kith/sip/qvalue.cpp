#include "kith/sip/qvalue.h"

#include "kith/base/ensure.h"
#include "kith/base/scanner.h"
#include "kith/sip/shape/decimal.h"

namespace kith::sip {

namespace {

constexpr unsigned places_max = 3;
constexpr std::uint16_t one = 1000;

}  // namespace

std::optional<QValue> QValue::parse(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  Scanner in(*text);
  const bool whole = in.next('1');
  if (!whole && !in.next('0')) return std::nullopt;
  std::string_view places;
  if (in.next('.')) places = in.run(digits);
  if (!in.at_end() || places.size() > places_max) return std::nullopt;
  const std::uint64_t thousandths = fraction(places, places_max) + (whole ? one : 0U);
  if (thousandths > one) return std::nullopt;
  return QValue{static_cast<std::uint16_t>(thousandths)};
}

void QValue::write(Writer& out) const {
  ensure(thousandths <= one);
  write_decimal(out, thousandths, places_max);
}

}  // namespace kith::sip
