#include "kith/sip/header/call_id.h"

namespace kith::sip {

namespace {

/// word: RFC 3261 §25.1
constexpr CharSet call_id_chars = token_chars | CharSet{"()<>:\\\"/[]?{}"};

}  // namespace

bool read(Scanner& in, CallIdView& call_id) {
  Cursor text = in.cursor();
  const char* const start = text.position();
  if (text.run(call_id_chars).empty()) return false;
  const bool whole = !text.next('@') || !text.run(call_id_chars).empty();
  in.follow(text);
  call_id.value = text.since(start);
  return whole;
}

}  // namespace kith::sip
