#include "kith/capture/recognise.h"

#include <algorithm>

#include "kith/base/scanner.h"
#include "kith/base/text.h"
#include "kith/capture/bytes.h"
#include "kith/sip/limits.h"

namespace kith::capture {

namespace {

constexpr std::string_view version = "SIP/";
constexpr std::size_t start_line_size_max = sip::request_uri_length_max + 1024;
constexpr std::uint32_t stun_cookie = 0x2112a442;  // RFC 8489

bool names_version(std::string_view line) {
  for (std::size_t at = line.find(' '); at != std::string_view::npos; at = line.find(' ', at + 1))
    if (equal_ignoring_case(line.substr(at + 1, version.size()), version)) return true;
  return false;
}

}  // namespace

Start start_of(std::string_view text) {
  if (text.empty()) return Start::undecided;
  if (equal_ignoring_case(text.substr(0, version.size()), version)) return Start::yes;
  const char* const end = text.data() + text.size();
  const char* const method_end = token_chars.run_end(text.data(), end);
  if (method_end == text.data()) return Start::no;
  const std::size_t line_end = text.find('\n');
  if (line_end != std::string_view::npos)
    return names_version(text.substr(0, line_end)) ? Start::yes : Start::no;
  const bool may_be = (method_end == end || *method_end == ' ' || *method_end == '/') &&
                      text.size() <= start_line_size_max;
  return may_be ? Start::undecided : Start::no;
}

bool is_keep_alive(std::string_view payload) {
  const bool stun = payload.size() >= 20 && u8(payload, 0) < 4 && u32(payload, 4) == stun_cookie;
  constexpr std::string_view nothing{"\r\n\0", 3};
  return stun || payload.find_first_not_of(nothing) == std::string_view::npos;
}

bool is_tls(std::string_view payload) {
  return payload.size() >= 3 && u8(payload, 0) >= 20 && u8(payload, 0) <= 23 &&
         u8(payload, 1) == 3 && u8(payload, 2) <= 4;
}

}  // namespace kith::capture
