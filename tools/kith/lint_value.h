#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/result.h"

namespace kith::tool {

/// What Kith makes of one message, header, URI or address.
struct Reading {
  bool accepted = false;               // by the strict reading
  bool lenient = false;                // by the lenient one
  std::optional<std::string> encoded;  // as it is written back; nothing if it cannot be read
  bool reparsed_equal = false;         // whether reading that gives an equal value
  std::vector<Error> errors;           // of the strict reading
};

Reading read_message(std::string_view wire);
/// "Contact: <sip:a@b>;q=0.7"; encoded in the same form.
Reading read_header(std::string_view line);
Reading read_uri(std::string_view text);
/// A name-addr or an addr-spec; RFC 3261 §25.1.
Reading read_address(std::string_view text);

struct Equality {
  bool equal = false;
  std::vector<Error> errors;  // why one of them is no URI
};
/// RFC 3261 §19.1.4, and RFC 3966 §4 for telephone numbers.
Equality compare_uris(std::string_view a, std::string_view b);

}  // namespace kith::tool
