#include "kith/sip/header/request_disposition.h"

#include <algorithm>
#include <array>

namespace kith::sip {

namespace {

constexpr std::array<std::string_view, 12> directives{
    "proxy",   "redirect",   "cancel",   "no-cancel",  "fork",  "no-fork",
    "recurse", "no-recurse", "parallel", "sequential", "queue", "no-queue"};

}  // namespace

bool RequestDispositionName::take(Scanner& in, std::string_view& directive) {
  return in.token(directive) && std::ranges::any_of(directives, [&](std::string_view one) {
           return equal_ignoring_case(one, directive);
         });
}

}  // namespace kith::sip
