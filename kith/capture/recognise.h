#pragma once

#include <cstdint>
#include <string_view>

namespace kith::capture {

/// Whether a SIP message begins here.
enum class Start : std::uint8_t { yes, no, undecided };

/// By the first line: "SIP/…", or a method and " SIP/" behind it, in any case, so that messages
/// with a wrong start line are recognised too. Undecided as long as the line has no end and is not
/// too long.
Start start_of(std::string_view text);

/// What keeps a binding of a NAT alive and is no message: line ends, NUL bytes, STUN; RFC 5626 §4.4
bool is_keep_alive(std::string_view payload);

/// The record layer of TLS: RFC 8446 §5.1
bool is_tls(std::string_view payload);

}  // namespace kith::capture
