#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/sip/check.h"
#include "kith/sip/message.h"
#include "tools/kith/lint.h"

namespace kith::tool {

/// One thing that is wrong with a message, and what each reading makes of it.
struct Finding {
  Error error;            // its offset counts in the bytes of the message
  std::string_view rule;  // "RFC 3261 §8.1.1.5"
  std::string_view what;
  std::optional<sip::Weight> strict{};
  std::optional<sip::Weight> lenient{};
  int status = 0;  // what answers the request; 0: nothing does

  bool is_fault() const { return strict == sip::Weight::fault || lenient == sip::Weight::fault; }
  /// Something is missing, so there is no text to point at.
  bool has_place() const { return error.fault != Fault::missing || error.offset > 0; }
};

/// A header line as its type reads it.
struct TypedHeader {
  std::string name;  // as its RFC spells it
  bool known = false;
  std::vector<std::string> values;  // as they are written back; none if it is malformed
};

/// What a reading comes to; nothing if it was not asked for.
struct Verdict {
  bool accepted = false;
  int status = 0;  // of the first fault
};

struct Judgement {
  std::optional<sip::Message> message;  // as it was read, leniently if that was asked for
  std::vector<TypedHeader> headers;
  std::vector<Finding> findings;  // in the order of the text
  std::optional<Verdict> strict;
  std::optional<Verdict> lenient;

  bool valid() const { return (!strict || strict->accepted) && (!lenient || lenient->accepted); }
};

Judgement judge(std::string_view bytes, Readings readings);

/// All that check() has to say, with offsets into the bytes even where lines were unfolded.
std::vector<sip::Problem> problems_of(std::string_view bytes, Mode mode);

/// Of a byte of a text, both from 1; the column counts characters.
struct LineColumn {
  std::size_t line = 1;
  std::size_t column = 1;
};
LineColumn line_column(std::string_view text, std::size_t offset);

}  // namespace kith::tool
