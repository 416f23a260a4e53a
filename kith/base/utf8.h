#pragma once

#include <cstddef>
#include <string_view>

namespace kith {

/// How many bytes the well-formed UTF-8 character at the front has; RFC 3629 §4. 0 if there is
/// none: the text is empty, cut short, overlong, a surrogate or above U+10FFFF.
std::size_t utf8_front(std::string_view text);

}  // namespace kith
