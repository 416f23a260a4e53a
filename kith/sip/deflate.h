#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kith/base/diagnostics.h"
#include "kith/base/result.h"
#include "kith/base/scanner.h"
#include "kith/sip/limits.h"
#include "kith/sip/message.h"

namespace kith::sip {

/// What was done to a body: the content-coding values that are registered and that we know.
/// RFC 3261 §20.12
enum class ContentCoding : std::uint8_t { identity, gzip, deflate };

/// In any case; "x-gzip" is gzip. Nothing for a coding that we do not know.
std::optional<ContentCoding> content_coding(std::string_view token);

/// Undoes one coding. More than `size_max` bytes of output are refused as too_long, so a bomb costs
/// no more than that. Lenient: "deflate" without the zlib header, bytes after the end.
Result<std::string> decode(ContentCoding coding, std::string_view data,
                           std::size_t size_max = body_size_max, Mode mode = Mode::lenient,
                           Diagnostics* diagnostics = nullptr);

/// Does one coding: gzip without a name or a time, so that equal bodies stay equal.
std::string encode(ContentCoding coding, std::string_view data);

/// The body as it was before any coding that Content-Encoding lists; the last one listed is undone
/// first. Points into the message, or into `storage` if something had to be decoded. A coding that
/// is not known is an Error that answers 415, a body that grows beyond `size_max` one that answers
/// 413.
Result<std::string_view> decoded_body(const Message& message, std::string& storage,
                                      std::size_t size_max = body_size_max,
                                      Diagnostics* diagnostics = nullptr);

}  // namespace kith::sip
