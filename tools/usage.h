#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace kith {

namespace usage {

/// "x, --confg", in the order in which they were given.
inline std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace usage

/// For CLI::App::failure_message(): what is wrong with a command line, with the word that it is
/// about and the commands that there are.
inline std::string usage_sentence(const CLI::App* app, const CLI::Error& error) {
  const std::vector<std::string> unknown = app->remaining(true);
  const CLI::App* last = app;
  std::string path = app->get_name();
  while (!last->get_subcommands().empty()) {
    last = last->get_subcommands().front();
    path += " " + last->get_name();
  }
  std::string sentence = error.what();
  if (sentence.starts_with("A subcommand")) {
    std::vector<std::string> commands;
    for (const CLI::App* each : last->get_subcommands({})) commands.push_back(each->get_name());
    sentence = "a command is needed";
    if (!unknown.empty())
      sentence =
          (unknown.front().starts_with('-') ? "there is no option " : "there is no command ") +
          unknown.front();
    sentence += "; the commands are " + usage::listed(commands);
  } else if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError)) {
    sentence = "unknown: " + usage::listed(unknown);
  }
  return path + ": " + sentence + "\n" + path + " --help says more\n";
}

}  // namespace kith
