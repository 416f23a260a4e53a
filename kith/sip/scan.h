#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

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

/// Finds lines from `from` on, up to and without the empty one. The hot loop of reading a message:
/// vectorised where the processor can, with identical results where it cannot.
Lines scan_lines(std::string_view text, std::size_t from, std::span<Line> lines);

/// The two ways, for tests and measurements.
Lines scan_lines_portable(std::string_view text, std::size_t from, std::span<Line> lines);
Lines scan_lines_avx2(std::string_view text, std::size_t from, std::span<Line> lines);
bool have_avx2();
/// What scan_lines() takes from now on; for tests and measurements, before any thread is started.
void use_scan(Lines (*scan)(std::string_view, std::size_t, std::span<Line>));

}  // namespace kith::sip
