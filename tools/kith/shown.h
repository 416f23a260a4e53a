#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Text from anywhere, as it may be printed: what a terminal would obey instead is spelt out.
namespace kith::tool {

/// Character by character; what is no character, or one that does something, stands there as
/// "\x1b". A tab becomes a blank.
std::vector<std::string> characters(std::string_view text);
std::string shown(std::string_view text);

/// How many columns of a terminal such characters take; one of UTF-8 takes one.
std::size_t width(const std::vector<std::string>& characters);
std::size_t width(std::string_view text);

/// As much of the text as fits, the last column an ellipsis where something is left out.
std::string cut(std::string_view text, std::size_t columns);

}  // namespace kith::tool
