#include "kith/sip/scan.h"

#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace kith::sip {

namespace {

/// Eight bytes at a time in a plain register. In a word, the lowest high bit marks the first hit.
struct Portable {
  static constexpr std::uint64_t ones = 0x0101010101010101U;
  static constexpr std::uint64_t high_bits = 0x8080808080808080U;

  static std::uint64_t hits(std::uint64_t word, char c) {
    const std::uint64_t zero_where_equal = word ^ (ones * static_cast<unsigned char>(c));
    return (zero_where_equal - ones) & ~zero_where_equal & high_bits;
  }

  template <char... Wanted>
  static const char* find(const char* at, const char* end) {
    if constexpr (std::endian::native == std::endian::little) {
      for (; end - at >= 8; at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, 8);
        const std::uint64_t found = (hits(word, Wanted) | ...);
        if (found != 0) return at + std::countr_zero(found) / 8;
      }
    }
    while (at != end && ((*at != Wanted) && ...)) ++at;
    return at;
  }
};

#if defined(__x86_64__)
struct Avx2 {
  template <char... Wanted>
  [[gnu::target("avx2,bmi")]] static const char* find(const char* at, const char* end) {
    for (; end - at >= 32; at += 32) {
      const __m256i block = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
      __m256i found = _mm256_setzero_si256();
      ((found = _mm256_or_si256(found, _mm256_cmpeq_epi8(block, _mm256_set1_epi8(Wanted)))), ...);
      const auto mask = static_cast<std::uint32_t>(_mm256_movemask_epi8(found));
      if (mask != 0) return at + std::countr_zero(mask);
    }
    return Portable::find<Wanted...>(at, end);
  }
};
#endif

template <class Search>
[[gnu::always_inline]] inline Lines scan(std::string_view text, std::size_t from,
                                         std::span<Line> lines) {
  const char* const base = text.data();
  const char* const text_end = base + text.size();
  const auto offset = [base](const char* at)
                          [[gnu::always_inline]] { return static_cast<std::uint32_t>(at - base); };
  const char* at = base + from;
  std::size_t count = 0;
  while (true) {
    const char* const begin = at;
    const char* end = Search::template find<':', '\r', '\n'>(begin, text_end);
    const char* colon = end;
    bool bare_cr = false;
    if (end != text_end && *end == ':') end = Search::template find<'\r', '\n'>(end + 1, text_end);
    while (end != text_end && *end == '\r' && end + 1 != text_end && end[1] != '\n') {
      bare_cr = true;
      end = Search::template find<'\r', '\n'>(end + 1, text_end);
    }
    if (end == text_end || (*end == '\r' && end + 1 == text_end))
      return {count, offset(begin), Lines::Stop::text_ended};
    const bool lf_only = *end == '\n';
    at = end + (lf_only ? 1 : 2);
    if (end == begin) return {count, offset(at), Lines::Stop::empty_line};
    if (count == lines.size()) return {count, offset(begin), Lines::Stop::full};
    if (*colon != ':') colon = end;
    lines[count++] = {offset(begin), offset(colon), offset(end), lf_only, bare_cr};
  }
}

}  // namespace

Lines scan_lines_portable(std::string_view text, std::size_t from, std::span<Line> lines) {
  return scan<Portable>(text, from, lines);
}

#if defined(__x86_64__)
[[gnu::target("avx2,bmi")]] Lines scan_lines_avx2(std::string_view text, std::size_t from,
                                                  std::span<Line> lines) {
  return scan<Avx2>(text, from, lines);
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
