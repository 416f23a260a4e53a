#pragma once

#include <string_view>

#include "kith/location/records.h"

namespace kith::resolver {

/// RFC 1035 §3.2.4
inline constexpr int class_internet = 1;

/// What a message of the DNS answers; server_failure where it cannot be read. Read here and not by
/// c-ares because what it makes of a message lacks the TTL of SRV and NAPTR records, aliases, and
/// the SOA of a negative answer. RFC 1035 §4.1.1
location::Answer read_reply(std::string_view message);

}  // namespace kith::resolver
