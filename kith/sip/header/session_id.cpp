#include "kith/sip/header/session_id.h"

#include <algorithm>

#include "kith/sip/shape/param_rules.h"

namespace kith::sip {

namespace {

constexpr std::size_t uuid_length = 32;

bool is_uuid(const Param& param) { return !param.quoted && is_lower_hex(param.value, uuid_length); }

}  // namespace

bool read(Scanner& in, SessionIdView& to) {
  return in.token(to.uuid) && is_lower_hex(to.uuid, uuid_length) && read(in, to.params) &&
         holds_if_there(to.params, "remote", is_uuid);
}

}  // namespace kith::sip
