#include "kith/sip/header/retry_after.h"

#include <array>

#include "kith/sip/shape/param_rules.h"

namespace kith::sip {

namespace {

constexpr std::array retry_after_rules{
    NamedRule{"duration", is_number<>},
};

/// comment = LPAREN *(ctext / quoted-pair / comment) RPAREN: RFC 3261 §25.1
bool read_comment(Scanner& in, std::string_view& comment) {
  const char* const start = in.position() + 1;
  for (int depth = 0; !in.at_end(); in.skip(1)) {
    if (in.peek() == '(') ++depth;
    if (in.peek() == ')' && --depth == 0) {
      comment = in.since(start);
      in.skip(1);
      return true;
    }
    if (in.peek() == '\\') in.skip(1);
    if (in.at_end()) break;
  }
  return false;
}

}  // namespace

bool read(Scanner& in, RetryAfterView& to) {
  if (!in.number(to.seconds)) return false;
  const char* const end = in.position();
  in.blanks();
  if (in.peek() != '(')
    in.move_to(end);
  else if (!read_comment(in, to.comment))
    return false;
  return read_params(in, to.params, retry_after_rules);
}

template <class Text>
void BasicRetryAfter<Text>::write(Writer& out) const {
  out << seconds;
  if (!comment.empty()) out << " (" << comment << ')';
  params.write(out);
}

template void RetryAfter::write(Writer&) const;
template void RetryAfterView::write(Writer&) const;

}  // namespace kith::sip
