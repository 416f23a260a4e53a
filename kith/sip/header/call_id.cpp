#include "kith/sip/header/call_id.h"

namespace kith::sip {

namespace {

/// word: RFC 3261 §25.1
constexpr CharSet word_chars = token_chars | CharSet{"()<>:\\\"/[]?{}"};

}  // namespace

bool read(Scanner& in, CallIdView& call_id) {
  const char* const start = in.position();
  std::string_view word;
  if (!in.run(word_chars, word)) return false;
  if (in.next('@') && !in.run(word_chars, word)) return false;
  call_id.value = in.since(start);
  return true;
}

}  // namespace kith::sip
