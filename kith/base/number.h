#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace kith {

/// All of the text as a decimal number that fits (of a floating-point type: with its point and
/// exponent); nothing for anything else.
template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace kith
