// "Name: value" for every header that has a type: what is read, strictly or leniently, is written
// so that it reads as the same value; what strict reads, lenient reads as the same.

#include "fuzz/round_trip.h"
#include "fuzz/target.h"
#include "kith/base/text.h"
#include "kith/sip/headers.h"

using namespace kith;

namespace {

template <sip::Header H>
void read_both_ways(std::string_view value) {
  const std::optional<H> strict = fuzz::read_header<H>(value, Mode::strict);
  const std::optional<H> lenient = fuzz::read_header<H>(value, Mode::lenient);
  if (strict) {
    ensure(lenient == strict);
    fuzz::turn_round(*strict, Mode::strict);
  }
  if (lenient) fuzz::turn_round(*lenient, Mode::lenient);
}

template <class... H>
bool read_by_name(sip::TypeList<H...>, std::string_view name, std::string_view value) {
  return ((equal_ignoring_case(H::name.full, name) && (read_both_ways<H>(value), true)) || ...);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return -1;
  if (text.find_first_of("\r\n") != std::string_view::npos) return -1;  // no value holds a line end
  std::string_view value = text.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  return read_by_name(sip::AllHeaders{}, text.substr(0, colon), value) ? 0 : -1;
}
