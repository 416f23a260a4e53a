#include "kith/sip/header/ms_keep_alive.h"

namespace kith::sip {

bool read(Scanner& in, MsKeepAliveView& to) {
  if (in.keyword("UAC"))
    to.role = "UAC";
  else if (in.keyword("UAS"))
    to.role = "UAS";
  else
    return false;
  return read(in, to.params);
}

}  // namespace kith::sip
