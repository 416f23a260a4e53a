// "Name: value" for every header that has a type: what is read, strictly or leniently, is written
// so that it reads as the same value; what strict reads, lenient reads as the same.

#include <memory>
#include <string>

#include "fuzz/target.h"
#include "kith/base/text.h"
#include "kith/sip/any_header.h"

using namespace kith;

namespace {

using Value = std::unique_ptr<const sip::AnyHeader>;

/// The whole text as a header of that type.
Value read_header(const sip::HeaderType& type, std::string_view text, Mode mode) {
  Scanner in(text, mode, type.name.full);
  Value header = type.parse(in);
  in.blanks();
  return in.at_end() ? std::move(header) : nullptr;
}

/// What is read is written so that it reads as the same value, and then is written the same way.
/// What lenient reads need not be legal, and what is written for it another value, though one that
/// stays.
void turn_round(const sip::HeaderType& type, const sip::AnyHeader& header, Mode mode) {
  const std::string once = written(header);
  const Value again = read_header(type, once, mode);
  ensure(again != nullptr);
  ensure(mode == Mode::lenient || again->equals(header));
  ensure(written(*again) == once);
}

void read_both_ways(const sip::HeaderType& type, std::string_view value) {
  const Value strict = read_header(type, value, Mode::strict);
  const Value lenient = read_header(type, value, Mode::lenient);
  if (strict) {
    ensure(lenient && lenient->equals(*strict));
    turn_round(type, *strict, Mode::strict);
  }
  if (lenient) turn_round(type, *lenient, Mode::lenient);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return -1;
  if (text.find_first_of("\r\n") != std::string_view::npos) return -1;  // no value holds a line end
  std::string_view value = text.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  const std::string_view name = text.substr(0, colon);
  const sip::HeaderType* const type = sip::header_type(name);
  if (type == nullptr || !equal_ignoring_case(type->name.full, name))
    return -1;  // not its full name
  read_both_ways(*type, value);
  return 0;
}
