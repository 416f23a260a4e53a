#include "kith/sip/shape/language_tag.h"

namespace kith::sip {

namespace {

constexpr std::size_t part_length_max = 8;
constexpr CharSet subtag_chars = letters | digits;

}  // namespace

bool read_language_tag(Scanner& in, std::string_view& tag) {
  const char* const start = in.position();
  std::string_view part;
  if (!in.run(letters, part) || part.size() > part_length_max) return false;
  bool plain = true;
  while (in.next('-')) {
    if (!in.run(subtag_chars, part) || part.size() > part_length_max) return false;
    plain = plain && part.find_first_of("0123456789") == std::string_view::npos;
  }
  tag = in.since(start);
  return plain || in.allow("digit in a language tag");
}

}  // namespace kith::sip
