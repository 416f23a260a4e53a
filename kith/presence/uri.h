#pragma once

#include <string>
#include <string_view>

namespace kith::presence {

/// A SIP or SIPS URI with user and host, of at most uri_bytes_max, without anything that would end
/// it early in a header line or in quotes.
bool is_presentity_uri(std::string_view uri);

/// "user@host" of "sip:user@host"; a URI of any other scheme as it is. SIP-PRES-31
std::string_view without_scheme(std::string_view uri);
/// The other way: what has no scheme of SIP is given "sip:".
std::string with_scheme(std::string_view uri);

/// Whether both are of the same user, wherever they lead: RFC 3261 §10.3, and in any case
/// (SIP-CONT-30).
bool same_presentity(std::string_view a, std::string_view b);

/// 1 to 16 hexadecimal digits: the name of one device of a user. SIP-PRES-27
bool is_epid(std::string_view epid);

}  // namespace kith::presence
