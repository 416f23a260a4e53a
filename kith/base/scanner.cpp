#include "kith/base/scanner.h"

namespace kith {

void Scanner::take_run(const CharSet& set) {
  if (set.holds_words() && word_ends_)
    while (at_ != end_ && set[*at_]) at_ = word_ends_.next(begin_, at_ + 1);
  else
    at_ = set.run_end(at_, end_);
}

bool Scanner::quoted(std::string_view& out) {
  if (!next('"')) return false;
  const char* start = at_;
  for (; at_ != end_; ++at_) {
    if (word_ends_) at_ = word_ends_.next(begin_, at_);
    if (at_ == end_) break;
    if (*at_ == '"') {
      out = since(start);
      ++at_;
      return true;
    }
    if (*at_ == '\\' && ++at_ == end_) return false;
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
