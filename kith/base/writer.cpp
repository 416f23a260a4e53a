#include "kith/base/writer.h"

#include <array>
#include <charconv>

namespace kith {

Writer& Writer::quoted(std::string_view text) {
  out_->push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == '\0') out_->push_back('\\');
    out_->push_back(c == '\r' || c == '\n' ? ' ' : c);
  }
  out_->push_back('"');
  return *this;
}

void Writer::decimal(std::uint64_t number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out_->append(digits.data(), end);
}

}  // namespace kith
