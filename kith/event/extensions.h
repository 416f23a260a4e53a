#pragma once

#include <string_view>

#include "kith/sip/message.h"

namespace kith::event {

inline constexpr std::string_view benotify_tag = "ms-benotify";
inline constexpr std::string_view piggyback_tag = "ms-piggyback-first-notify";
inline constexpr std::string_view autoextend_tag = "com.microsoft.autoextend";

/// The Microsoft extensions to a subscription: [MS-SIP] §3.4 to §3.6. In force are those that the
/// client's Supported offered and the server's Supported in the 200 repeated.
struct Extensions {
  bool benotify = false;    // notifications without an answer
  bool piggyback = false;   // the first notification rides in the 200
  bool autoextend = false;  // each notification restarts the expiry

  bool operator==(const Extensions&) const = default;
};

/// What the Supported headers of a SUBSCRIBE offer or of its 200 confirm. BENOTIFY needs the client
/// to demand it from proxies, too (SIP-BEN-01): an offer without Proxy-Require is none.
Extensions offered(const sip::Message& subscribe);
/// Only what the server says: in force is what was offered as well.
Extensions confirmed(const sip::Message& response);

/// Adds a Supported line for each.
void add_supported(sip::Message& message, const Extensions& extensions);

}  // namespace kith::event
