#include "tools/kithctl/terminal.h"

#include <unistd.h>

#include <iostream>

#include "tools/silence.h"

namespace kith::ctl {

namespace {

crypto::Secret typed(const std::string& prompt) {
  std::cerr << prompt << std::flush;
  std::string line;
  std::getline(std::cin, line);
  std::cerr << '\n';
  return crypto::Secret(std::move(line));
}

}  // namespace

std::expected<crypto::Secret, std::string> password_from_input() {
  std::string line;
  if (!std::getline(std::cin, line) || line.empty())
    return std::unexpected("--password-stdin: standard input has no line with a password");
  return crypto::Secret(std::move(line));
}

std::expected<crypto::Secret, std::string> password_from_terminal(const admin::Request& request) {
  if (::isatty(STDIN_FILENO) == 0)
    return std::unexpected(
        std::string("there is no terminal to ask for a password; give it with --password-stdin") +
        (request.command == "user add" ? ", or name a Kerberos principal with --principal" : ""));
  const Silence silence;
  crypto::Secret password = typed("password for " + request.user + ": ");
  if (password.empty()) return std::unexpected("no password was given; nothing was changed");
  if (typed("the same again: ") != password)
    return std::unexpected("the two are not the same; nothing was changed");
  return password;
}

}  // namespace kith::ctl
