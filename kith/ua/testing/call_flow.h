#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kith::ua::testing {

/// Performs a call flow between user agents in virtual time: a line each for who sends what, who
/// must see what, how much time passes. The lines are described in
/// tests/scenario/calls/README.md. Nothing: all went as it says; otherwise what did not, with its
/// line, and what was sent before.
std::optional<std::string> perform_call_flow(std::string_view play);

}  // namespace kith::ua::testing
