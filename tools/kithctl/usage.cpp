#include "tools/kithctl/usage.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <vector>

namespace kith::ctl {

std::string misunderstood(const CLI::App& app) {
  const CLI::App* last = &app;
  std::string words = app.get_name();
  while (!last->get_subcommands().empty()) {
    last = last->get_subcommands().front();
    words += " " + last->get_name();
  }
  std::vector<std::string> choices;
  for (const CLI::App* each : last->get_subcommands([](const CLI::App*) { return true; }))
    choices.push_back(each->get_name());
  const std::string known = fmt::format("{}", fmt::join(choices, ", "));
  const std::vector<std::string> unknown = app.remaining(true);
  if (unknown.empty())
    return choices.empty() ? std::string() : words + " needs one of these commands: " + known;
  if (choices.empty() || unknown.front().starts_with('-'))
    return fmt::format("{} does not know {}; {} --help shows what it knows", words,
                       fmt::join(unknown, ", "), words);
  return fmt::format("{} has no command \"{}\"; it has {}", words, unknown.front(), known);
}

}  // namespace kith::ctl
