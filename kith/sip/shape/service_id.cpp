#include "kith/sip/shape/service_id.h"

namespace kith::sip {

namespace {

constexpr CharSet let_dig = letters | digits | CharSet{"-"};
constexpr std::size_t top_level_length_max = 27;

}  // namespace

bool read_service_id(Scanner& in, std::string_view& id) {
  if (!in.keyword("urn:urn-7:")) return false;
  const char* const start = in.position();
  std::string_view label;
  if (!in.run(let_dig, label) || label.size() > top_level_length_max) return false;
  while (in.next('.'))
    if (!in.run(let_dig, label)) return false;
  id = in.since(start);
  return true;
}

}  // namespace kith::sip
