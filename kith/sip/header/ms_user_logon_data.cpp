#include "kith/sip/header/ms_user_logon_data.h"

namespace kith::sip {

bool read(Scanner& in, MsUserLogonDataView& to) { return in.token(to.data); }

}  // namespace kith::sip
