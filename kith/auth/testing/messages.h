#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "kith/base/result.h"
#include "kith/sip/message.h"

/// Messages for the tests of this room.
namespace kith::auth::testing {

inline std::string with_crlf(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

/// Lines that end in LF, the empty line at the end added.
inline sip::Message message(std::string_view text) {
  return sip::Message::parse(with_crlf(text) + "\r\n").value();
}

/// A message of a real client or of the server it was content with, from tests/data/sipe-captures.
inline sip::Message capture(const std::string& source_dir, const std::string& name) {
  std::ifstream file(source_dir + "/tests/data/sipe-captures/" + name + ".txt", std::ios::binary);
  return sip::Message::parse(std::string(std::istreambuf_iterator<char>(file), {})).value();
}

}  // namespace kith::auth::testing
