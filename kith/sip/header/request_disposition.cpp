#include "kith/sip/header/request_disposition.h"

#include <algorithm>
#include <array>

namespace kith::sip {

namespace {

constexpr std::array<std::string_view, 12> directives{
    "proxy",   "redirect",   "cancel",   "no-cancel",  "fork",  "no-fork",
    "recurse", "no-recurse", "parallel", "sequential", "queue", "no-queue"};

}  // namespace

bool read(Scanner& in, RequestDispositionView& to) {
  if (!in.token(to.directive)) return false;
  return std::ranges::any_of(directives, [&](std::string_view one) { return to.is(one); });
}

}  // namespace kith::sip
