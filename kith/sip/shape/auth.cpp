#include "kith/sip/shape/auth.h"

namespace kith::sip {

bool read_auth(Scanner& in, std::string_view& scheme, AuthParamsView& params, Scheme need) {
  const char* const start = in.position();
  if (!in.token(scheme)) return false;
  if (!in.space() || in.peek() == '=') {
    if (need == Scheme::required) return false;
    scheme = {};
    in.move_to(start);
  }
  return read(in, params);
}

}  // namespace kith::sip
