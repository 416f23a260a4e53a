#include "kith/sip/scan.h"

#include <array>
#include <bit>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace kith::sip {

std::uint32_t detail::long_name_length(const char* at, const char* text_end) {
  constexpr std::ptrdiff_t most = plain_name_max;
  const char* const limit = text_end - at > most ? at + most : text_end;
  return static_cast<std::uint32_t>(name_chars.run_end(at, limit) - at);
}

namespace {

/// Of 64 bytes of text, a bit each.
struct Ends {
  std::uint64_t feeds = 0;    // LF
  std::uint64_t returns = 0;  // CR
  std::uint64_t words = 0;    // what is no word character; only if asked for
};

constexpr std::size_t block_size = 64;

struct Portable {
  template <bool Words>
  static Ends ends(const char* at) {
    Ends ends;
    for (std::size_t i = 0; i < block_size; i += detail::Bytes16::size) {
      const detail::Bytes16 bytes(at + i);
      ends.feeds |= std::uint64_t{bytes.equal('\n')} << i;
      ends.returns |= std::uint64_t{bytes.equal('\r')} << i;
      if constexpr (Words) ends.words |= std::uint64_t{bytes.word_chars()} << i;
    }
    ends.words = ~ends.words;
    return ends;
  }
};

#if defined(__x86_64__)
class Avx2 {
 public:
  template <bool Words>
  [[gnu::target("avx2,bmi")]] static Ends ends(const char* at) {
    const __m256i first = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    const __m256i second = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + 32));
    const Half low = look_up(first);
    const Half high = look_up(second);
    const std::uint64_t returns = low.returns | high.returns << 32U;
    return {.feeds = (low.line_ends | high.line_ends << 32U) ^ returns,
            .returns = returns,
            .words = low.words | high.words << 32U};
  }

 private:
  struct Half {
    std::uint64_t line_ends;  // CR and LF
    std::uint64_t returns;
    std::uint64_t words;  // what is no word character, as in Ends
  };

  /// Both halves of a byte are looked up in a table of 16. What the two have in common tells what
  /// it is: 1 "-" or ".", 2 a digit, 4 a letter up to "O", 8 another letter, 128 LF, 192 CR. So LF
  /// and CR are the negative ones, word characters the positive ones, and others zero.
  [[gnu::target("avx2,bmi")]] static Half look_up(__m256i bytes) {
    constexpr char lf = static_cast<char>(128);
    constexpr char cr = static_cast<char>(192);
    const __m256i of_low =
        _mm256_setr_epi8(10, 14, 14, 14, 14, 14, 14, 14, 14, 14, 12 + lf, 4, 4, 5 + cr, 5, 4,  //
                         10, 14, 14, 14, 14, 14, 14, 14, 14, 14, 12 + lf, 4, 4, 5 + cr, 5, 4);
    const __m256i of_high = _mm256_setr_epi8(cr, 0, 1, 2, 4, 8, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0,  //
                                             cr, 0, 1, 2, 4, 8, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(15));
    const __m256i both =
        _mm256_and_si256(_mm256_shuffle_epi8(of_low, bytes), _mm256_shuffle_epi8(of_high, high));
    return {.line_ends = bits(both),
            .returns = bits(_mm256_add_epi8(both, both)),
            .words = bits(_mm256_cmpgt_epi8(_mm256_set1_epi8(1), both))};
  }
  [[gnu::target("avx2,bmi")]] static std::uint64_t bits(__m256i tops) {
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(tops));
  }
};
#endif

Ends ends_bytewise(std::string_view text) {
  Ends ends{.words = ~std::uint64_t{0}};
  for (std::size_t i = 0; i < text.size(); ++i) {
    ends.feeds |= std::uint64_t{text[i] == '\n'} << i;
    ends.returns |= std::uint64_t{text[i] == '\r'} << i;
    ends.words ^= std::uint64_t{is_word_char(text[i])} << i;
  }
  return ends;
}

/// Of the block at `from`, or what the text has of it.
template <class Block, bool Words>
[[gnu::always_inline]] inline Ends ends_of(std::string_view text, std::size_t from) {
  if (from + block_size <= text.size()) [[likely]]
    return Block::template ends<Words>(text.data() + from);
  if (text.size() < block_size) return ends_bytewise(text.substr(from));
  // The last 64 bytes, less what has been looked at already: loads stay inside the text.
  const std::size_t again = block_size - (text.size() - from);
  const Ends ends = Block::template ends<Words>(text.data() + from - again);
  return {ends.feeds >> again, ends.returns >> again, ends.words >> again};
}

/// The word ends of each block go to `word_ends`, where there is one.
template <class Block, bool Words>
[[gnu::always_inline]] inline LineFeeds line_feeds(std::string_view text, std::size_t from,
                                                   LineFeedSpan feeds, unsigned char* word_ends) {
  // What the block before says about this one: the byte before it is a CR; a line began 1 or 2
  // bytes ago, so that an LF at bit 1 or 0 ends an empty line.
  std::uint64_t last_return = 0;
  std::uint64_t last_feeds = 2;
  std::uint32_t* out = feeds.data();
  const std::uint32_t* const room = out + feeds.size() - block_size;
  const auto found = [&](LineFeeds::Stop stop) {
    return LineFeeds{static_cast<std::size_t>(out - feeds.data()), stop};
  };
  for (; from < text.size(); from += block_size) {
    Ends ends = ends_of<Block, Words>(text, from);
    std::uint64_t odd = ends.feeds ^ (ends.returns << 1U | last_return);
    const std::uint64_t empty = ends.feeds & (ends.feeds << 2U | last_feeds);
    if (empty != 0) {
      const std::uint64_t up_to_first = empty ^ (empty - 1);
      odd &= up_to_first;
      ends.feeds &= up_to_first;
    }
    if (odd != 0) return found(LineFeeds::Stop::odd);
    if (out > room) return found(LineFeeds::Stop::full);
    for (std::uint64_t left = ends.feeds; left != 0; left &= left - 1)
      *out++ =
          static_cast<std::uint32_t>(from) + static_cast<std::uint32_t>(std::countr_zero(left));
    if constexpr (Words) {
      WordEnds::store(ends.words, word_ends);
      word_ends += block_size / 8;
    }
    if (empty != 0) return found(LineFeeds::Stop::empty_line);
    last_return = ends.returns >> 63U;
    last_feeds = ends.feeds >> 62U;
  }
  return found(LineFeeds::Stop::text_ended);
}

template <class Block>
[[gnu::always_inline]] inline LineFeeds all_ends(std::string_view text, LineFeedSpan feeds,
                                                 WordEndSpan word_ends) {
  return line_feeds<Block, true>(text.substr(0, word_ends_max), 0, feeds, word_ends.data());
}

LineFeeds line_feeds_portable(std::string_view text, std::size_t from, LineFeedSpan feeds) {
  return line_feeds<Portable, false>(text, from, feeds, nullptr);
}

#if defined(__x86_64__)
[[gnu::target("avx2,bmi")]] LineFeeds line_feeds_avx2(std::string_view text, std::size_t from,
                                                      LineFeedSpan feeds) {
  return line_feeds<Avx2, false>(text, from, feeds, nullptr);
}
#else
LineFeeds line_feeds_avx2(std::string_view text, std::size_t from, LineFeedSpan feeds) {
  return line_feeds_portable(text, from, feeds);
}
#endif

const char* find(char wanted, const char* at, const char* end) {
  const void* const found = std::memchr(at, wanted, static_cast<std::size_t>(end - at));
  return found != nullptr ? static_cast<const char*>(found) : end;
}

/// Any lines, however they end.
Lines scan_odd_lines(std::string_view text, std::size_t from, std::span<Line> lines) {
  const char* const base = text.data();
  const char* const text_end = base + text.size();
  const auto offset = [base](const char* at) { return static_cast<std::uint32_t>(at - base); };
  const char* begin = base + from;
  for (std::size_t count = 0;; ++count) {
    const char* const feed = find('\n', begin, text_end);
    if (feed == text_end) return {count, offset(begin), Lines::Stop::text_ended};
    const bool lf_only = feed == begin || feed[-1] != '\r';
    const char* const end = lf_only ? feed : feed - 1;
    if (end == begin) return {count, offset(feed + 1), Lines::Stop::empty_line};
    if (count == lines.size()) return {count, offset(begin), Lines::Stop::full};
    const bool bare_cr = find('\r', begin, end) != end;
    if (lf_only || bare_cr)
      lines[count] = {offset(begin), offset(find(':', begin, end)), offset(end), lf_only, bare_cr,
                      false};
    else
      lines[count] = line_between(text, offset(begin), offset(feed));
    begin = feed + 1;
  }
}

using FindLineFeeds = LineFeeds (*)(std::string_view, std::size_t, LineFeedSpan);

Lines scan(FindLineFeeds find_feeds, std::string_view text, std::size_t from,
           std::span<Line> lines) {
  std::array<std::uint32_t, line_feeds_max> feeds;  // only the first found.count mean anything
  std::size_t count = 0;
  while (true) {
    const LineFeeds found = find_feeds(text, from, feeds);
    if (found.stop == LineFeeds::Stop::odd) {
      const Lines others = scan_odd_lines(text, from, lines.subspan(count));
      return {count + others.count, others.next, others.stop};
    }
    const bool whole = found.stop == LineFeeds::Stop::empty_line;
    for (const std::uint32_t feed : std::span{feeds}.first(found.count - (whole ? 1 : 0))) {
      if (count == lines.size()) return {count, from, Lines::Stop::full};
      lines[count++] = line_between(text, static_cast<std::uint32_t>(from), feed);
      from = feed + 1;
    }
    if (whole) return {count, feeds[found.count - 1] + 1, Lines::Stop::empty_line};
    if (found.stop == LineFeeds::Stop::text_ended) return {count, from, Lines::Stop::text_ended};
  }
}

}  // namespace

Lines scan_lines_portable(std::string_view text, std::size_t from, std::span<Line> lines) {
  return scan(line_feeds_portable, text, from, lines);
}

Lines scan_lines_avx2(std::string_view text, std::size_t from, std::span<Line> lines) {
  return scan(line_feeds_avx2, text, from, lines);
}

LineFeeds find_ends_portable(std::string_view text, LineFeedSpan feeds, WordEndSpan word_ends) {
  return all_ends<Portable>(text, feeds, word_ends);
}

#if defined(__x86_64__)
[[gnu::target("avx2,bmi")]] LineFeeds find_ends_avx2(std::string_view text, LineFeedSpan feeds,
                                                     WordEndSpan word_ends) {
  return all_ends<Avx2>(text, feeds, word_ends);
}

bool have_avx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi"); }
#else
LineFeeds find_ends_avx2(std::string_view text, LineFeedSpan feeds, WordEndSpan word_ends) {
  return all_ends<Portable>(text, feeds, word_ends);
}

bool have_avx2() { return false; }
#endif

namespace {

bool use_avx2 = have_avx2();

}  // namespace

void use_scan(Lines (*scan_lines)(std::string_view, std::size_t, std::span<Line>)) {
  use_avx2 = scan_lines == scan_lines_avx2;
}

Lines scan_lines(std::string_view text, std::size_t from, std::span<Line> lines) {
  return scan(use_avx2 ? line_feeds_avx2 : line_feeds_portable, text, from, lines);
}

LineFeeds find_ends(std::string_view text, LineFeedSpan feeds, WordEndSpan word_ends) {
  return use_avx2 ? find_ends_avx2(text, feeds, word_ends)
                  : find_ends_portable(text, feeds, word_ends);
}

}  // namespace kith::sip
