#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>

#include "kith/base/diagnostics.h"
#include "kith/base/result.h"
#include "kith/base/text.h"
#include "kith/base/word_ends.h"

namespace kith {

/// Strict: the grammar and nothing else. Lenient: what real peers send, each departure noted.
enum class Mode : std::uint8_t { strict, lenient };

/// A set of bytes, asked by one table look-up.
class CharSet {
 public:
  constexpr CharSet() = default;
  constexpr explicit CharSet(std::string_view members) {
    for (const char c : members) in_[static_cast<unsigned char>(c)] = true;
    holds_words_ = all_words();
  }

  constexpr bool operator[](char c) const { return in_[static_cast<unsigned char>(c)]; }
  /// Whether all word characters are members: then a run of members takes whole words.
  constexpr bool holds_words() const { return holds_words_; }

  /// The first byte in [at, end) that is no member.
  const char* run_end(const char* at, const char* end) const;

  constexpr CharSet operator~() const {
    CharSet others;
    for (std::size_t i = 0; i < 256; ++i) others.in_[i] = !in_[i];
    others.holds_words_ = others.all_words();
    return others;
  }
  friend constexpr CharSet operator|(const CharSet& a, const CharSet& b) {
    CharSet both;
    for (std::size_t i = 0; i < 256; ++i) both.in_[i] = a.in_[i] || b.in_[i];
    both.holds_words_ = both.all_words();
    return both;
  }

 private:
  constexpr bool all_words() const {
    for (std::size_t i = 0; i < 256; ++i)
      if (is_word_char(static_cast<char>(i)) && !in_[i]) return false;
    return true;
  }

  std::array<bool, 256> in_{};
  bool holds_words_ = false;
};

inline constexpr CharSet digits{"0123456789"};
inline constexpr CharSet hex_digits = digits | CharSet{"abcdefABCDEF"};
inline constexpr CharSet letters{"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"};
/// token: RFC 3261 §25.1
inline constexpr CharSet token_chars = digits | letters | CharSet{"-.!%*_+`'~"};

/// Letters, digits, hyphens and dots: see WordEnds.
inline constexpr CharSet word_chars = digits | letters | CharSet{"-."};

/// A place in a text whose word ends are known, for the forms that nearly all text has. So small
/// that it stays in registers: a reader on the hot path takes that of the scanner, goes on with it
/// as long as all is usual, and hands it back by follow(). It knows neither leniencies nor errors;
/// whoever meets what is not usual leaves it, and lets the scanner read from where it stands.
/// Behind the text stands a line end, or a blank and then a line end, which ends every form, so
/// that the next byte can be looked at without asking whether there is one. A form that may take a
/// blank can so leave the cursor one byte behind the end, where at_end() is false.
class Cursor {
 public:
  Cursor(WordEnds word_ends, const char* begin, const char* at, const char* end)
      : at_(at),
        ends_(word_ends.from(begin, at)),
        end_(end),
        begin_(begin),
        word_ends_(word_ends) {}

  const char* position() const { return at_; }
  [[gnu::always_inline]] bool at_end() const { return at_ == end_; }
  /// The next byte; at the end, that behind the text.
  [[gnu::always_inline]] char peek() const { return *at_; }
  [[gnu::always_inline]] void skip(unsigned bytes) {
    at_ += bytes;
    ends_ >>= bytes;
  }
  [[gnu::always_inline]] bool next(char c) {
    if (*at_ != c) return false;
    skip(1);
    return true;
  }
  /// The text in this case.
  [[gnu::always_inline]] bool next(std::string_view text) {
    if (end_ - at_ < std::ssize(text)) return false;
    if (std::memcmp(at_, text.data(), text.size()) != 0) return false;
    skip(static_cast<unsigned>(text.size()));
    return true;
  }
  [[gnu::always_inline]] std::string_view since(const char* start) const {
    return {start, static_cast<std::size_t>(at_ - start)};
  }
  /// The longest run of word characters, perhaps empty.
  [[gnu::always_inline]] std::string_view word() {
    const char* const start = at_;
    if (ends_ == 0) [[unlikely]] {
      at_ = word_ends_.next(begin_, at_);
      ends_ = word_ends_.from(begin_, at_);
      return since(start);
    }
    skip(static_cast<unsigned>(std::countr_zero(ends_)));
    return since(start);
  }
  /// The longest run of members, perhaps empty. Word characters are members, blanks and line ends
  /// are not.
  [[gnu::always_inline]] std::string_view run(const CharSet& set) {
    const char* const start = at_;
    for (word(); set[*at_]; word()) skip(1);
    return since(start);
  }
  /// 1*DIGIT that fits, of up to nine digits.
  template <class Number>
  [[gnu::always_inline]] bool number(Number& out) {
    const char* digit = at_;
    std::uint32_t value = 0;
    for (; *digit >= '0' && *digit <= '9'; ++digit)
      value = value * 10 + static_cast<std::uint32_t>(*digit - '0');
    const auto count = static_cast<unsigned>(digit - at_);
    if (count - 1 >= 9) return false;
    skip(count);
    out = static_cast<Number>(value);
    return out == value;
  }
  /// A quoted-string; `out` is what stands between the quotes, escapes left as they are.
  [[gnu::always_inline]] bool quoted(std::string_view& out) {
    if (!next('"')) return false;
    const char* const start = at_;
    for (word(); at_ < end_; word()) {
      if (next('"')) {
        out = {start, static_cast<std::size_t>(at_ - 1 - start)};
        return true;
      }
      skip(*at_ == '\\' ? 2 : 1);
    }
    return false;
  }

 private:
  const char* at_;
  std::uint64_t ends_;  // from at_ on; zero where the next one is not known yet
  const char* end_;
  const char* begin_;
  WordEnds word_ends_;
};

/// Reads text from left to right, following a grammar. Each function that returns bool either takes
/// what it names and moves on, or returns false; what failed is then said by error(). Carries the
/// mode, the diagnostics and how far the reading got, so that a grammar need not.
class Scanner {
 public:
  /// `where` names the header or element in errors and diagnostics (static storage); `base` is the
  /// offset of the text in the message.
  explicit Scanner(std::string_view text, Mode mode = Mode::lenient, std::string_view where = {},
                   Diagnostics* diagnostics = nullptr, std::size_t base = 0)
      : begin_(text.data()),
        at_(text.data()),
        end_(text.data() + text.size()),
        furthest_(text.data()),
        base_(base),
        where_(where),
        diagnostics_(diagnostics),
        mode_(mode) {}

  /// The same for a part of a text whose word ends are known; errors count from its beginning.
  Scanner(WordEnds word_ends, const char* text, std::string_view part, Mode mode,
          std::string_view where, Diagnostics* diagnostics)
      : begin_(text),
        at_(part.data()),
        end_(part.data() + part.size()),
        furthest_(part.data()),
        where_(where),
        diagnostics_(diagnostics),
        word_ends_(word_ends),
        mode_(mode) {}

  bool strict() const { return mode_ == Mode::strict; }
  Mode mode() const { return mode_; }
  std::string_view where() const { return where_; }

  bool at_end() const { return at_ == end_; }
  /// The next byte, or NUL at the end.
  char peek() const { return at_ == end_ ? '\0' : *at_; }
  const char* position() const { return at_; }
  std::string_view since(const char* start) const {
    return {start, static_cast<std::size_t>(at_ - start)};
  }
  std::string_view rest() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }
  /// Back to (or on to) a position of this scanner; how far it got is remembered for the error.
  void move_to(const char* position) {
    if (at_ > furthest_) furthest_ = at_;
    at_ = position;
  }
  void skip(std::size_t bytes) { at_ += bytes; }
  /// Whether what is usual may be read with a cursor(): leniently, as nearly always.
  bool may_be_usual() const { return word_ends_ && !strict(); }
  Cursor cursor() const { return {word_ends_, begin_, at_, end_}; }
  /// On to where a cursor() of this scanner got.
  void follow(const Cursor& cursor) { at_ = cursor.position(); }

  bool next(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }
  void blanks() {
    for (; at_ != end_ && *at_ <= ' '; ++at_)  // hardly ever: one comparison
      if (*at_ != ' ' && *at_ != '\t') return;
  }
  /// At least one blank.
  bool space() {
    const char* start = at_;
    blanks();
    return at_ != start;
  }
  /// The character with any blanks around it, as in SEMI or COMMA; nothing is taken if it is not
  /// there.
  bool separator(char c) {
    const char* const start = at_;
    if (!next(c)) {
      blanks();
      if (at_ == start) return false;
      if (!next(c)) {
        move_to(start);
        return false;
      }
    }
    blanks();
    return true;
  }
  /// The longest run of members, perhaps empty.
  std::string_view run(const CharSet& set) {
    const char* const start = at_;
    if (set.holds_words() && word_ends_) {
      at_ = word_ends_.next(begin_, start);
      if (!set[*at_]) return since(start);
    }
    take_run(set);
    return since(start);
  }
  bool run(const CharSet& set, std::string_view& out) {
    out = run(set);
    return !out.empty();
  }
  bool token(std::string_view& out) { return run(token_chars, out); }
  /// The text in any case.
  bool keyword(std::string_view text) {
    if (static_cast<std::size_t>(end_ - at_) < text.size()) return false;
    if (std::memcmp(at_, text.data(), text.size()) != 0 &&
        !equal_ignoring_case({at_, text.size()}, text))
      return false;
    at_ += text.size();
    return true;
  }
  /// A quoted-string; `out` is what stands between the quotes, escapes left as they are.
  bool quoted(std::string_view& out);

  /// 1*DIGIT that fits.
  template <class Number>
  bool number(Number& out) {
    constexpr std::uint64_t most = std::numeric_limits<Number>::max();
    std::uint64_t value = 0;
    const char* at = at_;
    const char* const nine = end_ - at < 9 ? end_ : at + 9;  // so many digits surely fit
    for (; at != nine && *at >= '0' && *at <= '9'; ++at)
      value = value * 10 + static_cast<std::uint64_t>(*at - '0');
    if ((at == nine && at != end_) || value > most) {
      if (!digits_up_to(most, value)) return false;
    } else {
      if (at == at_) return false;
      at_ = at;
    }
    out = static_cast<Number>(value);
    return true;
  }

  /// True in lenient mode, with a note; false in strict mode.
  bool allow(std::string_view rule) {
    if (strict()) return false;
    note(rule);
    return true;
  }
  /// Whether notes are kept; what would only be noted need not be looked for otherwise.
  bool notes() const { return diagnostics_ != nullptr; }
  void note(std::string_view rule) const {
    if (diagnostics_ != nullptr) diagnostics_->add({rule, where_, offset(at_)});
  }
  /// False, and the error will say this instead of malformed.
  bool refuse(Fault fault) {
    fault_ = fault;
    return false;
  }

  Error error() const { return {fault_, where_, offset(at_ > furthest_ ? at_ : furthest_)}; }

 private:
  void take_run(const CharSet& set);
  bool digits_up_to(std::uint64_t most, std::uint64_t& out);
  std::size_t offset(const char* position) const {
    return base_ + static_cast<std::size_t>(position - begin_);
  }

  const char* begin_;
  const char* at_;
  const char* end_;
  const char* furthest_;
  std::size_t base_ = 0;
  std::string_view where_;
  Diagnostics* diagnostics_;
  WordEnds word_ends_;
  Mode mode_;
  Fault fault_ = Fault::malformed;
};

}  // namespace kith
