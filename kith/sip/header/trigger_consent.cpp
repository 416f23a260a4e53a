#include "kith/sip/header/trigger_consent.h"

#include <array>

#include "kith/sip/shape/param_rules.h"

namespace kith::sip {

namespace {

constexpr std::array trigger_consent_rules{
    NamedRule{"target-uri", is_quoted},
};

}  // namespace

bool read(Scanner& in, TriggerConsentView& to) {
  return read(in, to.uri, UriForm::bare) && to.uri.is_sip() &&
         read_params(in, to.params, trigger_consent_rules);
}

}  // namespace kith::sip
