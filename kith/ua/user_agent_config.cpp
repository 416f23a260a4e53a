#include <algorithm>
#include <array>

#include "kith/base/scanner.h"
#include "kith/sip/method.h"
#include "kith/ua/user_agent.h"

namespace kith::ua {
namespace {

using namespace sip::method;

/// Methods that make a dialog anyhow, are of one that is there, or are known to make none.
constexpr std::array<std::string_view, 12> settled_methods{
    ack, bye, cancel, info, invite, notify, options, prack, refer, register_, subscribe, update};

bool is_method(std::string_view text) {
  Scanner in(text, Mode::strict, "method");
  std::string_view token;
  return in.token(token) && in.at_end();
}

}  // namespace

std::optional<Error> contradiction(const UserAgentConfig& config) {
  const std::vector<std::string>& methods = config.dialog_methods;
  for (const std::string& method : methods) {
    if (!is_method(method)) return Error{Fault::malformed, "dialog_methods"};
    if (std::ranges::find(settled_methods, method) != settled_methods.end())
      return Error{Fault::forbidden, "dialog_methods"};
    if (std::ranges::count(methods, method) > 1) return Error{Fault::duplicate, "dialog_methods"};
  }
  return std::nullopt;
}

}  // namespace kith::ua
