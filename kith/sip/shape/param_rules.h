#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "kith/sip/params.h"

namespace kith::sip {

/// What a header says of a parameter beyond its form. A reader of a header asks these after it has
/// read the parameters; they hold in both modes, for nothing can be made of a value that is not
/// what its name says.

/// The whole text as a number that fits; nothing for anything else.
template <class Number = std::uint32_t>
std::optional<Number> number(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  Scanner in(*text);
  Number value = 0;
  if (!in.number(value) || !in.at_end()) return std::nullopt;
  return value;
}
/// LHEX = DIGIT / %x61-66, exactly so many: RFC 3261 §25.1
bool is_lower_hex(std::string_view text, std::size_t length);

/// The value is a quoted-string.
inline bool is_quoted(const Param& param) { return param.quoted; }
/// The value is a token without quotes.
bool is_token(const Param& param);
/// The value is 1*DIGIT without quotes, and fits.
template <class Number = std::uint32_t>
bool is_number(const Param& param) {
  return !param.quoted && number<Number>(param.value);
}

using ParamRule = bool (*)(const Param& param);
/// Each parameter of that name keeps the rule; one that is absent does too.
bool holds_if_there(const ParamsView& params, std::string_view name, ParamRule rule);
/// Stands there exactly once, with a token for its value.
bool is_token_once(const ParamsView& params, std::string_view name);
/// Is absent, or one of these in any case, without quotes.
bool is_one_of_if_there(const ParamsView& params, std::string_view name,
                        std::initializer_list<std::string_view> values);

}  // namespace kith::sip
