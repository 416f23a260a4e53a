#include "kith/sip/header/ms_keep_alive.h"

#include <array>

#include "kith/sip/shape/param_rules.h"

namespace kith::sip {

namespace {

constexpr std::array ms_keep_alive_rules{
    NamedRule{"timeout", is_number<>},
};

}  // namespace

bool read(Scanner& in, MsKeepAliveView& to) {
  if (in.keyword("UAC"))
    to.role = "UAC";
  else if (in.keyword("UAS"))
    to.role = "UAS";
  else
    return false;
  return read_params(in, to.params, ms_keep_alive_rules);
}

}  // namespace kith::sip
