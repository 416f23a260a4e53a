#pragma once

#include <string_view>

namespace kith::sip {

/// The methods of RFC 3261 §7.1 and of the RFCs after it. A method is its text, and case counts;
/// any other token is as good a method.
namespace method {

inline constexpr std::string_view ack = "ACK";
inline constexpr std::string_view bye = "BYE";
inline constexpr std::string_view cancel = "CANCEL";
inline constexpr std::string_view invite = "INVITE";
inline constexpr std::string_view options = "OPTIONS";
inline constexpr std::string_view register_ = "REGISTER";  // "register" is a word of C++
inline constexpr std::string_view info = "INFO";
inline constexpr std::string_view message = "MESSAGE";
inline constexpr std::string_view notify = "NOTIFY";
inline constexpr std::string_view prack = "PRACK";
inline constexpr std::string_view publish = "PUBLISH";
inline constexpr std::string_view refer = "REFER";
inline constexpr std::string_view subscribe = "SUBSCRIBE";
inline constexpr std::string_view update = "UPDATE";

}  // namespace method

}  // namespace kith::sip
