#include "kith/sip/header/refer_sub.h"

namespace kith::sip {

bool read(Scanner& in, ReferSubView& to) {
  std::string_view word;
  if (!in.token(word)) return false;
  to.value = equal_ignoring_case(word, "true");
  return (to.value || equal_ignoring_case(word, "false")) && read(in, to.params);
}

}  // namespace kith::sip
