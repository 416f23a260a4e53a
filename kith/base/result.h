#pragma once

#include <cstddef>
#include <expected>
#include <string_view>

namespace kith {

/// In which way input was wrong. Each maps to a SIP status; see sip::status_of().
enum class Fault {
  missing,
  malformed,
  too_long,
  too_many,
  duplicate,
  unsupported,
  forbidden,
};

/// Why input was refused: enough for one log line and for the reason phrase of a 400.
struct Error {
  Fault fault = Fault::malformed;
  std::string_view where;  // header or element name; static storage
  std::size_t offset = 0;  // where the scanner got furthest, in bytes

  bool operator==(const Error&) const = default;
};

template <class T>
using Result = std::expected<T, Error>;

/// What to return where a Result is wanted; `where` is not copied and needs static storage.
inline std::unexpected<Error> refuse(Fault fault, std::string_view where, std::size_t offset = 0) {
  return std::unexpected(Error{fault, where, offset});
}

/// The word for a fault in logs and diagnostics: "missing", "malformed", …
std::string_view to_string(Fault fault);

}  // namespace kith
