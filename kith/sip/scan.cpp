#include "kith/sip/scan.h"

#include <bit>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "kith/base/scanner.h"
#include "kith/sip/name_hash.h"

namespace kith::sip {

namespace {

constexpr std::ptrdiff_t plain_name_max = 32;
constexpr CharSet name_chars = letters | CharSet{"-"};

/// Two words of eight bytes at a time in plain registers.
class Portable {
 public:
  explicit Portable(std::string_view text)
      : end_(text.data() + text.size()), last_block_(text.size() < 16 ? nullptr : end_ - 16) {}

  /// The first of 32 bytes that is neither a letter nor a hyphen.
  const char* name_end(const char* at) const {
    return name_chars.run_end(at, end_ - at > plain_name_max ? at + plain_name_max : end_);
  }
  const char* line_end(const char* at) const {
    for (; at <= last_block_; at += 16) {
      // Both are below 0x0E, and hardly anything else is.
      const std::uint64_t low = below_0e(load_word(at));
      const std::uint64_t next_low = below_0e(load_word(at + 8));
      if (((low | next_low) & high_bits) == 0) continue;
      const char* const here = (low & high_bits) != 0 ? at + first(low) : at + 8 + first(next_low);
      if (*here == '\r' || *here == '\n') return here;
      const char* const later = line_end_bytewise(here, at + 16);
      if (later != at + 16) return later;
    }
    return line_end_bytewise(at, end_);
  }
  const char* colon_or_line_end(const char* at) const {
    while (at != end_ && *at != ':' && *at != '\r' && *at != '\n') ++at;
    return at;
  }

 private:
  static constexpr std::uint64_t high_bits = every_byte * 0x80;

  static std::ptrdiff_t first(std::uint64_t hits) { return std::countr_zero(hits & high_bits) / 8; }
  static const char* line_end_bytewise(const char* at, const char* end) {
    while (at != end && *at != '\r' && *at != '\n') ++at;
    return at;
  }
  /// The high bit of each byte below 0x0E; those above the lowest that is set may be wrong.
  static std::uint64_t below_0e(std::uint64_t word) { return (word - every_byte * 0x0E) & ~word; }

  const char* end_;
  const char* last_block_;  // none if the text is shorter than one
};

#if defined(__x86_64__)
/// 32 bytes at a time; at the end of the text, its last 32 once more. The text is not shorter.
class Avx2 {
 public:
  explicit Avx2(std::string_view text)
      : end_(text.data() + text.size()), last_block_(text.data() + text.size() - 32) {}

  [[gnu::target("avx2,bmi")]] const char* name_end(const char* at) const {
    if (at <= last_block_) return at + std::countr_zero(odd_in_names(at));
    const std::uint32_t odd = odd_in_names(last_block_) >> (at - last_block_);
    return odd != 0 ? at + std::countr_zero(odd) : end_;
  }
  [[gnu::target("avx2,bmi")]] const char* line_end(const char* at) const {
    return find<'\r', '\n'>(at);
  }
  [[gnu::target("avx2,bmi")]] const char* colon_or_line_end(const char* at) const {
    return find<':', '\r', '\n'>(at);
  }

 private:
  /// The bit of each of 32 bytes that is wanted.
  template <char... Wanted>
  [[gnu::target("avx2,bmi")]] static std::uint32_t hits(const char* at) {
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    __m256i found = _mm256_setzero_si256();
    ((found = _mm256_or_si256(found, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(Wanted)))), ...);
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(found));
  }
  template <char... Wanted>
  [[gnu::target("avx2,bmi")]] const char* find(const char* at) const {
    for (; at <= last_block_; at += 32)
      if (const std::uint32_t mask = hits<Wanted...>(at)) return at + std::countr_zero(mask);
    if (at == end_) return at;
    const std::uint32_t mask = hits<Wanted...>(last_block_) >> (at - last_block_);
    return mask != 0 ? at + std::countr_zero(mask) : end_;
  }
  [[gnu::target("avx2,bmi")]] static std::uint32_t odd_in_names(const char* at) {
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    const __m256i lower = _mm256_or_si256(bytes, _mm256_set1_epi8(0x20));
    const __m256i from_a = _mm256_sub_epi8(lower, _mm256_set1_epi8('a'));
    const __m256i letter =
        _mm256_cmpeq_epi8(_mm256_min_epu8(from_a, _mm256_set1_epi8('z' - 'a')), from_a);
    const __m256i hyphen = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('-'));
    return ~static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_or_si256(letter, hyphen)));
  }

  const char* end_;
  const char* last_block_;
};
#endif

template <class Search>
[[gnu::always_inline]] inline Lines scan(std::string_view text, std::size_t from,
                                         std::span<Line> lines) {
  const Search search(text);
  const char* const base = text.data();
  const char* const text_end = base + text.size();
  const auto offset = [base](const char* at) { return static_cast<std::uint32_t>(at - base); };
  const char* at = base + from;
  std::size_t count = 0;
  while (at != text_end) {
    const char* const begin = at;
    const char* colon = search.name_end(begin);
    bool plain = colon != text_end && *colon == ':' && colon != begin;
    if (!plain) colon = search.colon_or_line_end(colon);
    const char* end = colon;
    if (end != text_end && *end == ':') end = search.line_end(end + 1);
    bool bare_cr = false;
    bool lf_only = false;
    if (text_end - end < 2 || end[0] != '\r' || end[1] != '\n') {
      plain = false;
      while (end != text_end && *end == '\r' && end + 1 != text_end && end[1] != '\n') {
        bare_cr = true;
        end = search.line_end(end + 1);
      }
      if (end == text_end || (*end == '\r' && end + 1 == text_end))
        return {count, offset(begin), Lines::Stop::text_ended};
      lf_only = *end == '\n';
    }
    at = end + (lf_only ? 1 : 2);
    if (end == begin) return {count, offset(at), Lines::Stop::empty_line};
    if (count == lines.size()) return {count, offset(begin), Lines::Stop::full};
    if (*colon != ':') colon = end;
    lines[count++] = {offset(begin), offset(colon), offset(end), lf_only, bare_cr, plain};
  }
  return {count, offset(at), Lines::Stop::text_ended};
}

}  // namespace

Lines scan_lines_portable(std::string_view text, std::size_t from, std::span<Line> lines) {
  return scan<Portable>(text, from, lines);
}

#if defined(__x86_64__)
[[gnu::target("avx2,bmi")]] Lines scan_lines_avx2(std::string_view text, std::size_t from,
                                                  std::span<Line> lines) {
  return text.size() < 32 ? scan_lines_portable(text, from, lines) : scan<Avx2>(text, from, lines);
}

bool have_avx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi"); }
#else
Lines scan_lines_avx2(std::string_view text, std::size_t from, std::span<Line> lines) {
  return scan<Portable>(text, from, lines);
}

bool have_avx2() { return false; }
#endif

namespace {

auto chosen_scan = have_avx2() ? scan_lines_avx2 : scan_lines_portable;

}  // namespace

Lines scan_lines(std::string_view text, std::size_t from, std::span<Line> lines) {
  return chosen_scan(text, from, lines);
}

void use_scan(Lines (*scan)(std::string_view, std::size_t, std::span<Line>)) { chosen_scan = scan; }

}  // namespace kith::sip
