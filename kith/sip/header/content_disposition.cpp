#include "kith/sip/header/content_disposition.h"

namespace kith::sip {

bool read(Scanner& in, ContentDispositionView& to) {
  return in.token(to.type) && read(in, to.params);
}

}  // namespace kith::sip
