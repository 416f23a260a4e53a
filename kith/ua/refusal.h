#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kith/base/result.h"
#include "kith/sip/message.h"
#include "kith/transaction/transactions.h"

namespace kith::ua {

/// Retry-After of what is refused for a limit: 503.
inline constexpr std::uint32_t retry_after_seconds = 5;

/// What is left of a request that cannot be read as a whole: start line and the headers that an
/// answer needs. Nothing where even these are not there.
std::optional<sip::Message> salvage(std::string_view bytes);

/// "Malformed CSeq": a reason phrase that says what is wrong with the request.
std::string reason_for(const Error& error);

/// An answer that the layer above has no part in. Its To tag is always the same for the same
/// request: RFC 3261 §8.2.7.
sip::Message refusal(const sip::Message& request, int status, std::string_view reason,
                     const transaction::HashKey& secret);

/// Where the To has none, adds the tag that refusal() would take.
void complete_to_tag(sip::Message& response, const transaction::HashKey& secret);

}  // namespace kith::ua
