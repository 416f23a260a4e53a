#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "kith/base/scanner.h"

namespace kith::sip {

/// One line of a header section: offsets into the text.
struct Line {
  std::uint32_t begin;
  std::uint32_t colon;  // the first one; `end` if there is none
  std::uint32_t end;    // of what stands before the line end
  bool lf_only;         // ended by LF without CR
  bool bare_cr;         // has a CR that is not part of its end
  bool plain;           // nothing odd: up to 32 letters and hyphens, the colon, text, CR LF

  bool operator==(const Line&) const = default;
};

/// The lines that one scan found, and how it ended.
struct Lines {
  enum class Stop : std::uint8_t {
    empty_line,  // the section is whole; `next` is the offset after it
    full,        // there is no room for more lines; go on at `next`
    text_ended,  // in the middle of the line that begins at `next`
  };

  std::size_t count = 0;
  std::size_t next = 0;
  Stop stop = Stop::text_ended;

  bool operator==(const Lines&) const = default;
};

/// Finds lines from `from` on, up to and without the empty one.
Lines scan_lines(std::string_view text, std::size_t from, std::span<Line> lines);

/// Where the lines of a section end, as long as nothing is odd.
struct LineFeeds {
  enum class Stop : std::uint8_t {
    empty_line,  // the last one is that of the empty line
    full,        // there may be no room for more; go on behind the last one
    text_ended,
    odd,  // a CR or LF stands alone; they mean nothing
  };

  std::size_t count = 0;
  Stop stop = Stop::text_ended;
};

inline constexpr std::size_t line_feeds_max = 128;
using LineFeedSpan = std::span<std::uint32_t, line_feeds_max>;
/// As many bytes of text have room in bits for their word ends.
inline constexpr std::size_t word_ends_max = 2048;
using WordEndSpan = std::span<unsigned char, word_ends_max / 8>;

/// Finds the offsets of line feeds up to that of the empty line, and where words end. The hot loop
/// of reading a message: vectorised where the processor can, with identical results where it
/// cannot.
LineFeeds find_ends(std::string_view text, LineFeedSpan feeds, WordEndSpan word_ends);

/// The two ways, for tests and measurements.
Lines scan_lines_portable(std::string_view text, std::size_t from, std::span<Line> lines);
/// Only where have_avx2().
Lines scan_lines_avx2(std::string_view text, std::size_t from, std::span<Line> lines);
/// As find_ends(), without AVX2: for every processor.
LineFeeds find_ends_portable(std::string_view text, LineFeedSpan feeds, WordEndSpan word_ends);
/// Only where have_avx2().
LineFeeds find_ends_avx2(std::string_view text, LineFeedSpan feeds, WordEndSpan word_ends);
/// Whether this processor has AVX2 and BMI1; never on one that is no x86-64.
bool have_avx2();
/// The way that is taken from now on, named by one of its two functions; for tests and
/// measurements, before any thread is started.
void use_scan(Lines (*scan)(std::string_view, std::size_t, std::span<Line>));

/// The line from `begin` on, which ends in CR LF; `feed` is the offset of the LF.
Line line_between(std::string_view text, std::uint32_t begin, std::uint32_t feed);

}  // namespace kith::sip

#include "kith/sip/scan_inline.h"
