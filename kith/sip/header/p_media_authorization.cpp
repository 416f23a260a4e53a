#include "kith/sip/header/p_media_authorization.h"

namespace kith::sip {

bool read(Scanner& in, PMediaAuthorizationView& to) { return in.run(hex_digits, to.token); }

}  // namespace kith::sip
