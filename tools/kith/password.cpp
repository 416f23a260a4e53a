#include "tools/kith/password.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>

#include "tools/silence.h"

namespace kith::tool {

namespace {

std::expected<crypto::Secret, std::string> first_line(std::istream& in, const std::string& what) {
  std::string line;
  if (!std::getline(in, line) || line.empty())
    return std::unexpected(what + " has no line with a password");
  if (line.ends_with('\r')) line.pop_back();
  return crypto::Secret(std::move(line));
}

}  // namespace

std::expected<std::optional<crypto::Secret>, std::string> given_password(const Options& options) {
  if (options.password_from_input) return first_line(std::cin, "--password-stdin: standard input");
  if (!options.password_file.empty()) {
    std::ifstream in(options.password_file);
    return first_line(in, "--password-file: " + options.password_file);
  }
  if (const char* set = std::getenv("KITH_PASSWORD"); set != nullptr && *set != '\0')
    return crypto::Secret(set);
  return std::nullopt;
}

std::expected<crypto::Secret, std::string> read_password(const Options& options,
                                                         const std::string& login) {
  auto given = given_password(options);
  if (!given) return std::unexpected(given.error());
  if (*given) return **std::move(given);
  if (::isatty(STDIN_FILENO) == 0)
    return std::unexpected(
        "there is no terminal to ask for a password; give it with --password-stdin, "
        "--password-file or in KITH_PASSWORD, or sign in with --kerberos");
  const Silence silence;
  std::string line;
  std::cerr << "password of " << login << ": " << std::flush;
  const bool typed = static_cast<bool>(std::getline(std::cin, line));
  std::cerr << '\n';
  if (!typed || line.empty()) return std::unexpected("no password was given");
  return crypto::Secret(std::move(line));
}

}  // namespace kith::tool
