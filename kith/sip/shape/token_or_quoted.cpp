#include "kith/sip/shape/token_or_quoted.h"

#include <algorithm>

namespace kith::sip {

namespace {

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return token_chars[c]; });
}

}  // namespace

bool read_token_or_quoted(Scanner& in, std::string_view& text, bool& quoted) {
  quoted = in.peek() == '"';
  return quoted ? in.quoted(text) : in.token(text);
}

void write_token_or_quoted(Writer& out, const std::string& text, bool quoted) {
  if (quoted || !is_token(text))
    out.quoted(text);
  else
    out << text;
}

void write_token_or_quoted(Writer& out, std::string_view text, bool quoted) {
  if (quoted || !is_token(text))
    out << '"' << text << '"';
  else
    out << text;
}

}  // namespace kith::sip
