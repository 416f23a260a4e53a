#include "kith/base/scanner.h"

namespace kith {

/// Most bytes of a text whose word ends are not known pass through here once; four at a time save
/// the question for the end.
const char* CharSet::run_end(const char* at, const char* end) const {
  for (auto fours = (end - at) / 4; fours > 0; --fours, at += 4) {
    if (!(*this)[at[0]]) return at;
    if (!(*this)[at[1]]) return at + 1;
    if (!(*this)[at[2]]) return at + 2;
    if (!(*this)[at[3]]) return at + 3;
  }
  while (at != end && (*this)[*at]) ++at;
  return at;
}

void Scanner::take_run(const CharSet& set) {
  if (set.holds_words() && word_ends_)
    while (at_ != end_ && set[*at_]) at_ = word_ends_.next(begin_, at_ + 1);
  else
    at_ = set.run_end(at_, end_);
}

bool Scanner::quoted(std::string_view& out) {
  static constexpr CharSet plain_chars = ~CharSet{"\"\\"};
  if (!next('"')) return false;
  const char* const start = at_;
  for (run(plain_chars); at_ != end_; run(plain_chars)) {
    if (next('"')) {
      out = {start, static_cast<std::size_t>(at_ - 1 - start)};
      return true;
    }
    ++at_;
    if (at_ == end_) return false;
    ++at_;
  }
  return false;
}

bool Scanner::digits_up_to(std::uint64_t most, std::uint64_t& out) {
  const char* const start = at_;
  std::uint64_t value = 0;
  for (; at_ != end_ && *at_ >= '0' && *at_ <= '9'; ++at_) {
    const auto digit = static_cast<std::uint64_t>(*at_ - '0');
    if (value > (most - digit) / 10) return false;
    value = value * 10 + digit;
  }
  out = value;
  return at_ != start;
}

}  // namespace kith
