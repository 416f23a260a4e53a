#include "kith/sip/shape/feature_value.h"

#include "kith/base/scanner.h"

namespace kith::sip {

namespace {

constexpr CharSet nobang_chars = letters | digits | CharSet{"-.%*_+`'~"};

bool read_number(Scanner& in) {
  std::string_view whole;
  if (!in.next('+')) in.next('-');
  if (!in.run(digits, whole)) return false;
  if (in.next('.')) in.run(digits);
  return true;
}

/// What follows "#": a relation or the lower end of a range, then a number.
bool read_numeric(Scanner& in) {
  if (in.keyword(">=") || in.keyword("<=") || in.next('=')) return read_number(in);
  return read_number(in) && in.next(':') && read_number(in);
}

bool read_tag_value(Scanner& in) {
  in.next('!');
  if (in.next('#')) return read_numeric(in);
  std::string_view word;
  return in.run(nobang_chars, word);
}

/// The rest of a string-value; a quoted-pair may be an angle bracket.
bool read_string_value(Scanner& in) {
  for (bool escaped = false; !in.at_end(); in.skip(1)) {
    const char c = in.peek();
    if (!escaped && (c == '<' || c == '>')) break;
    escaped = !escaped && c == '\\';
  }
  return in.next('>');
}

}  // namespace

bool is_feature_value(std::string_view text) {
  Scanner in(text);
  if (in.next('<')) return read_string_value(in) && in.at_end();
  do {
    if (!read_tag_value(in)) return false;
  } while (in.separator(','));
  return in.at_end();
}

}  // namespace kith::sip
