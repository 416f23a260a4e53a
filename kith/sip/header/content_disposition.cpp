#include "kith/sip/header/content_disposition.h"

#include <array>

#include "kith/sip/shape/param_rules.h"

namespace kith::sip {

namespace {

constexpr std::array content_disposition_rules{
    NamedRule{"handling", is_token},
};

}  // namespace

bool read(Scanner& in, ContentDispositionView& to) {
  return in.token(to.type) && read_params(in, to.params, content_disposition_rules);
}

}  // namespace kith::sip
