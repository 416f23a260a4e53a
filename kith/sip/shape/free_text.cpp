#include "kith/sip/shape/free_text.h"

#include "kith/base/utf8.h"

namespace kith::sip {

bool is_text_utf8(std::string_view text) {
  while (!text.empty()) {
    const char c = text.front();
    if ((c >= '\0' && c < ' ' && c != '\t') || c == '\x7f') return false;
    const std::size_t length = utf8_front(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace kith::sip
