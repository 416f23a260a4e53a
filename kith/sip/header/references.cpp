#include "kith/sip/header/references.h"

#include "kith/sip/header/call_id.h"
#include "kith/sip/shape/param_rules.h"

namespace kith::sip {

bool read(Scanner& in, ReferencesView& to) {
  CallIdView call_id;
  if (!read(in, call_id) || !read(in, to.params)) return false;
  to.call_id = call_id.value;
  return !to.params.has("rel") || is_token_once(to.params, "rel");
}

}  // namespace kith::sip
