#pragma once

#include <CLI/App.hpp>
#include <string>

namespace kith::ctl {

/// Which words of the command line nobody expected, and which commands there are in their place; or
/// that a command is missing. Empty where the mistake is another one. After a parse that failed.
std::string misunderstood(const CLI::App& app);

}  // namespace kith::ctl
