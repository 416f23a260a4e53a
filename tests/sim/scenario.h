#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kith::play {

/// Performs a play: a line each for who does what, who must receive what, how much time passes. The
/// lines are described in tests/scenario/README.md. Nothing: all went as it says; otherwise what
/// did not, with its line, and what happened before.
std::optional<std::string> perform(std::string_view play);

}  // namespace kith::play
