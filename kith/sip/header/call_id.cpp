#include "kith/sip/header/call_id.h"

namespace kith::sip {

namespace {

/// word: RFC 3261 §25.1
constexpr CharSet call_id_chars = token_chars | CharSet{"()<>:\\\"/[]?{}"};

/// word [ "@" word ]
template <class Text>
[[gnu::always_inline]] inline bool read_words(Text& in) {
  return !in.run(call_id_chars).empty() && (!in.next('@') || !in.run(call_id_chars).empty());
}

}  // namespace

bool read(Scanner& in, CallIdView& call_id) {
  const char* const start = in.position();
  if (!read_words(in)) return false;
  call_id.value = in.since(start);
  return true;
}

bool read_usual(const Cursor& text, CallIdView& call_id) {
  Cursor in = text;
  const char* const start = in.position();
  if (!read_words(in) || !in.at_end()) return false;
  call_id.value = in.since(start);
  return true;
}

}  // namespace kith::sip
