#include "kith/sip/header/accept_language.h"

namespace kith::sip {

bool AcceptLanguageName::take(Scanner& in, std::string_view& range) {
  if (in.peek() != '*') return read_language_tag(in, range);
  range = in.rest().substr(0, 1);
  in.skip(1);
  return true;
}

}  // namespace kith::sip
