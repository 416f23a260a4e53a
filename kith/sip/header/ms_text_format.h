#pragma once

#include "kith/sip/shape/media_type.h"

namespace kith::sip {

/// ms-text-format = type SLASH subtype *( SEMI parameter )
/// The first message of a conversation, within its INVITE. Not in [MS-SIP]: as clients of 2005 send
/// it, with the base64 unquoted, which the grammar of a parameter does not allow.
struct MsTextFormatName {
  static constexpr HeaderName name{.full = "ms-text-format"};
};
using MsTextFormat = MediaType<MsTextFormatName, std::string>;
using MsTextFormatView = MsTextFormat::View;
static_assert(Header<MsTextFormat>);

/// The text of the message: base64 of `charset`.
template <class Text>
std::optional<std::string_view> ms_body(const MediaType<MsTextFormatName, Text>& header) {
  return header.params.find("ms-body");
}
/// Its fonts and colours: base64, without padding, of UTF-16LE.
template <class Text>
std::optional<std::string_view> msgr(const MediaType<MsTextFormatName, Text>& header) {
  return header.params.find("msgr");
}
/// What the text in ms_body() is written in: "UTF-8".
template <class Text>
std::optional<std::string_view> charset(const MediaType<MsTextFormatName, Text>& header) {
  return header.params.find("charset");
}

}  // namespace kith::sip
