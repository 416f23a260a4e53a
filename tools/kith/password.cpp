#include "tools/kith/password.h"

#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "tools/silence.h"

namespace kith::tool {

std::expected<crypto::Secret, std::string> read_password(bool from_input,
                                                         const std::string& login) {
  std::string line;
  if (from_input) {
    if (!std::getline(std::cin, line) || line.empty())
      return std::unexpected("--password-stdin: standard input has no line with a password");
    return crypto::Secret(std::move(line));
  }
  if (const char* set = std::getenv("KITH_PASSWORD"); set != nullptr && *set != '\0')
    return crypto::Secret(set);
  if (::isatty(STDIN_FILENO) == 0)
    return std::unexpected(
        "there is no terminal to ask for a password; give it with --password-stdin or in "
        "KITH_PASSWORD, or sign in with --kerberos");
  const Silence silence;
  std::cerr << "password of " << login << ": " << std::flush;
  const bool typed = static_cast<bool>(std::getline(std::cin, line));
  std::cerr << '\n';
  if (!typed || line.empty()) return std::unexpected("no password was given");
  return crypto::Secret(std::move(line));
}

}  // namespace kith::tool
