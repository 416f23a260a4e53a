#include "tools/kithctl/terminal.h"

#include <termios.h>
#include <unistd.h>

#include <iostream>

namespace kith::ctl {

namespace {

/// What is typed is not shown as long as this lives.
class Silence {
 public:
  Silence() {
    ::tcgetattr(STDIN_FILENO, &before_);
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~Silence() { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  termios before_{};
};

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

std::expected<crypto::Secret, std::string> password_from_terminal(const std::string& user) {
  if (::isatty(STDIN_FILENO) == 0)
    return std::unexpected(
        "there is no terminal to ask for a password; give it with --password-stdin, or name a "
        "Kerberos principal with --principal");
  const Silence silence;
  crypto::Secret password = typed("password for " + user + ": ");
  if (password.empty()) return std::unexpected("no password was given; nothing was changed");
  if (typed("the same again: ") != password)
    return std::unexpected("the two are not the same; nothing was changed");
  return password;
}

}  // namespace kith::ctl
