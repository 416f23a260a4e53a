#include "kith/sip/shape/free_text.h"

#include "kith/base/utf8.h"

namespace kith::sip {

namespace {

bool is_quoted_pair(std::string_view text) {
  return text.size() >= 2 && text[0] == '\\' && text[1] >= '\0' && text[1] != '\r' &&
         text[1] != '\n';
}

}  // namespace

bool is_text_utf8(std::string_view text, Comments comments) {
  int depth = 0;  // of comments
  while (!text.empty()) {
    const char c = text.front();
    if (depth > 0 && is_quoted_pair(text)) {
      text.remove_prefix(2);
      continue;
    }
    if (c == '(' && comments == Comments::allowed) ++depth;
    if (c == ')' && depth > 0) --depth;
    if ((c >= '\0' && c < ' ' && c != '\t') || c == '\x7f') return false;
    const std::size_t length = utf8_front(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace kith::sip
