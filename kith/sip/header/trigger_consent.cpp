#include "kith/sip/header/trigger_consent.h"

namespace kith::sip {

bool read(Scanner& in, TriggerConsentView& to) {
  return read(in, to.uri, UriForm::bare) && to.uri.is_sip() && read(in, to.params);
}

}  // namespace kith::sip
