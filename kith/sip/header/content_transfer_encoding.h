#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/base/text.h"
#include "kith/sip/header.h"

namespace kith::sip {

/// Content-Transfer-Encoding = "7bit" / "8bit" / "binary" / "quoted-printable" / "base64" / token
/// RFC 2045 §6.1. In SIP nothing needs encoding for transport, and absent means binary:
/// RFC 5621 §3.2
template <class Text>
struct BasicContentTransferEncoding {
  static constexpr HeaderName name{.full = "Content-Transfer-Encoding"};
  using View = BasicContentTransferEncoding<std::string_view>;
  using Value = BasicContentTransferEncoding<std::string>;

  Text mechanism{};  // as it came; is() compares as it must be, in any case

  bool is(std::string_view token) const { return equal_ignoring_case(mechanism, token); }
  /// Whether the content stands there as it is.
  bool is_identity() const { return is("7bit") || is("8bit") || is("binary"); }

  static std::optional<BasicContentTransferEncoding> parse(Scanner& in) {
    return parse_as<BasicContentTransferEncoding>(in);
  }
  void write(Writer& out) const { out << mechanism; }
  static auto tie(auto& self) { return std::tie(self.mechanism); }
  bool operator==(const BasicContentTransferEncoding&) const = default;
};

using ContentTransferEncoding = BasicContentTransferEncoding<std::string>;
using ContentTransferEncodingView = BasicContentTransferEncoding<std::string_view>;
/// Any token is a mechanism: whether its name is known, is() tells.
inline bool read(Scanner& in, ContentTransferEncodingView& to) { return in.token(to.mechanism); }
static_assert(Header<ContentTransferEncoding>);

}  // namespace kith::sip
