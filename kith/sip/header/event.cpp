#include "kith/sip/header/event.h"

#include <array>

#include "kith/sip/shape/param_rules.h"

namespace kith::sip {

namespace {

constexpr std::array event_rules{
    NamedRule{"id", is_token},
};

}  // namespace

bool read(Scanner& in, EventView& to) {
  return read_event_type(in, to.package) && read_params(in, to.params, event_rules);
}

}  // namespace kith::sip
