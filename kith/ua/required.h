#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "kith/sip/message.h"

namespace kith::ua {

/// RFC 3261 §8.2.2.3: the 420 to a request whose Require names an extension that is not among
/// these; nothing where all are, and for ACK and CANCEL, which are never refused for it.
std::optional<sip::Message> refuse_required(const sip::Message& request,
                                            std::span<const std::string_view> supported = {});

}  // namespace kith::ua
