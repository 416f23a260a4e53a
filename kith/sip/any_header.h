#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
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

/// One value of a header, of whatever type.
class AnyHeader {
 public:
  virtual ~AnyHeader() = default;
  virtual void write(Writer& out) const = 0;
  /// As == of the type that both are of.
  virtual bool equals(const AnyHeader& other) const = 0;
};
using AnyHeaders = std::vector<std::unique_ptr<const AnyHeader>>;

/// The type of a header as a value.
struct HeaderType {
  HeaderName name;
  /// As H::parse(): one value, null if there is none.
  std::unique_ptr<const AnyHeader> (*parse)(Scanner& in);
  /// As H::View::parse(), of which only is said whether there is one.
  bool (*parse_view)(Scanner& in);

  /// As message.all<H>(diagnostics).
  Result<AnyHeaders> all(const Message& message, Diagnostics* diagnostics = nullptr) const;
  /// As message.each<H>() with a visitor that does nothing.
  Result<std::size_t> count(const Message& message) const;
};

/// All of them, in the order of AllHeaders; the one place where each is compiled.
std::span<const HeaderType> header_types();
/// The one that has this name, in full or compact, in any case; null if none has it.
const HeaderType* header_type(std::string_view name);

/// Whether both have the same values in the same order; all of one type.
bool same(const AnyHeaders& a, const AnyHeaders& b);

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
