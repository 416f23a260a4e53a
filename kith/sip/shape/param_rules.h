#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "kith/sip/params.h"

namespace kith::sip {

/// What a header says of a parameter beyond its form. A reader of a header asks these after it has
/// read the parameters; they hold in both modes, for nothing can be made of a value that is not
/// what its name says.

/// Stands there exactly once, with a token for its value.
bool is_token_once(const ParamsView& params, std::string_view name);
/// Is absent, or 1*DIGIT up to what 32 bits hold.
bool is_number_if_there(const ParamsView& params, std::string_view name);
/// Is absent, or one of these in any case, without quotes.
bool is_one_of_if_there(const ParamsView& params, std::string_view name,
                        std::initializer_list<std::string_view> values);

/// The value as a 32-bit number; nothing for anything else.
std::optional<std::uint32_t> number(std::optional<std::string_view> text);

}  // namespace kith::sip
