#include "kith/sip/header/reason.h"

#include <array>

#include "kith/sip/shape/param_rules.h"

namespace kith::sip {

namespace {

constexpr std::array reason_rules{
    NamedRule{"text", is_quoted},
};

}  // namespace

bool read(Scanner& in, ReasonView& to) {
  return in.token(to.protocol) && read_params(in, to.params, reason_rules) &&
         holds_if_there(to.params, "cause", is_number<>);
}

}  // namespace kith::sip
