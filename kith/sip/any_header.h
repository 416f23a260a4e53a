#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/diagnostics.h"
#include "kith/base/result.h"
#include "kith/base/scanner.h"
#include "kith/sip/header.h"

namespace kith::sip {

class Message;

// Headers whose type is found at run time; a program that knows which header it wants asks
// Message::get<H>().

/// The header that has this name, in full or compact, in any case; null if none has a type here.
const HeaderName* known_header(std::string_view name);

/// What became of one header line.
struct ReadHeader {
  std::string name;                 // as its RFC spells it; of one that is not known, as it came
  bool known = false;               // one that is not holds its text as the only value
  std::vector<std::string> values;  // each as it is written back
  bool stable = false;              // what is written back reads as the same values
  std::optional<Error> error;       // then there are no values; the offset counts as below
  Diagnostics diagnostics;          // what was tolerated
};

/// "Contact: <sip:a@b>;q=0.7", perhaps folded; offsets count from the beginning of the line.
ReadHeader read_header_line(std::string_view line, Mode mode = Mode::lenient);
/// The same in two pieces; offsets count from the beginning of the value.
ReadHeader read_header(std::string_view name, std::string_view value, Mode mode = Mode::lenient);

/// Whether both messages have the same values of this header in the same order, on however many
/// lines. Values that are not understood are compared as text.
bool same_values(const Message& a, const Message& b, std::string_view name);

}  // namespace kith::sip
