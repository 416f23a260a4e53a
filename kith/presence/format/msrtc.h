#pragma once

#include <string>
#include <string_view>

#include "kith/base/result.h"
#include "kith/base/time.h"
#include "kith/presence/aggregate.h"

/// The document that watchers of Microsoft's dialect are sent: [MS-SIP] §2.2.1, §6.
namespace kith::presence::msrtc {

inline constexpr std::string_view content_type = "text/xml+msrtc.pidf";
/// As it is on the wire; [MS-SIP] §6 has year and month the other way round.
inline constexpr std::string_view ns = "http://schemas.microsoft.com/2002/09/sip/presence";

/// `now` is what the age of each device's presence is counted to. The URI is without "sip:", for
/// clients put it there themselves (SIP-PRES-31).
std::string write(const Aggregate& aggregate, Time now);

/// Reads it as real servers write it: any namespace, "sip:" or not, unknown elements and attributes
/// passed over. Ages are counted back from `now`. What stands in userInfo and what a device says
/// beyond the two numbers means what it did, but is not the same text.
Result<Aggregate> parse(std::string_view document, Time now);

}  // namespace kith::presence::msrtc
