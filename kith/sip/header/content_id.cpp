#include "kith/sip/header/content_id.h"

namespace kith::sip {

namespace {

constexpr CharSet id_chars = token_chars | CharSet{"#$&/=?^{|}:;[]\"(),\\"};

}  // namespace

bool read(Scanner& in, ContentIdView& to) {
  const bool bracketed = in.next('<');
  if (!bracketed && !in.allow("no angle brackets")) return false;
  const char* const start = in.position();
  const bool left = !in.run(id_chars).empty();
  const bool at = in.next('@');
  const bool right = !in.run(id_chars).empty();
  to.id = in.since(start);
  if (!left || (at && !right)) return false;
  if (!at && !in.allow("no @ in an identifier")) return false;
  return !bracketed || in.next('>');
}

}  // namespace kith::sip
