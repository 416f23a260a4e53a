#include "kith/sip/header/in_reply_to.h"

#include "kith/sip/header/call_id.h"

namespace kith::sip {

bool InReplyToName::take(Scanner& in, std::string_view& call_id) {
  CallIdView read_as;
  if (!read(in, read_as)) return false;
  call_id = read_as.value;
  return true;
}

}  // namespace kith::sip
