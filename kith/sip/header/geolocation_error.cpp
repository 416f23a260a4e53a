#include "kith/sip/header/geolocation_error.h"

namespace kith::sip {

bool read(Scanner& in, GeolocationErrorView& to) {
  return in.number(to.code) && to.code <= 999 && read(in, to.params);
}

}  // namespace kith::sip
