#include "kith/sip/shape/dialog_id.h"

#include "kith/sip/header/call_id.h"
#include "kith/sip/shape/param_rules.h"

namespace kith::sip {

bool read_dialog_id(Scanner& in, std::string_view& call_id, ParamsView& params,
                    std::string_view local_tag, std::string_view remote_tag) {
  CallIdView id;
  if (!read(in, id) || !read(in, params)) return false;
  call_id = id.value;
  return is_token_once(params, local_tag) && is_token_once(params, remote_tag);
}

}  // namespace kith::sip
