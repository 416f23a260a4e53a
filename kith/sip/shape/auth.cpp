#include "kith/sip/shape/auth.h"

#include <charconv>
#include <system_error>

namespace kith::sip {

bool read_auth(Scanner& in, std::string_view& scheme, AuthParamsView& params, AuthRole role) {
  const char* const start = in.position();
  if (!in.token(scheme)) return false;
  if (!in.space() || in.peek() == '=') {
    if (role != AuthRole::info) return false;
    scheme = {};
    in.move_to(start);
  }
  return read(in, params);
}

std::optional<std::uint32_t> nonce_count(std::optional<std::string_view> text) {
  std::uint32_t count = 0;
  if (!text || text->size() != 8) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + 8, count, 16);
  if (error != std::errc{} || end != text->data() + 8) return std::nullopt;
  return count;
}

bool list_has(std::string_view list, std::string_view wanted) {
  while (true) {
    const std::size_t comma = list.find(',');
    if (equal_ignoring_case(trim(list.substr(0, comma)), wanted)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace kith::sip
