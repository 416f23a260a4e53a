#pragma once

#include <cstdint>
#include <optional>

#include "kith/base/time.h"
#include "kith/sip/message.h"

namespace kith::dialog {

/// What this side wants of sessions: RFC 4028. A session that nobody refreshes in time is over.
struct SessionWish {
  std::chrono::seconds interval = 1800s;  // RFC 4028 §4
  std::chrono::seconds least = 90s;       // Min-SE; at least 90 s, RFC 4028 §5
};

/// Who of the two has sent the request.
enum class Side : std::uint8_t { ours, theirs };

/// RFC 4028 §7.1, §7.4: adds Supported: timer, Session-Expires and, where it is more than 90 s,
/// Min-SE to an INVITE or UPDATE that has no Session-Expires.
void ask_for_timer(sip::Message& request, const SessionWish& wish);

/// RFC 4028 §9: the Min-SE that a 422 has to name for this request; nothing: it is acceptable. Of a
/// sender that does not know timers everything is.
std::optional<std::chrono::seconds> too_short(const sip::Message& request, const SessionWish& wish);

/// RFC 4028 §9: adds what was agreed to a 2xx: Session-Expires, and Require: timer where the sender
/// of the request is to refresh. A sender that knows timers refreshes, unless it asks for the
/// other; otherwise we do.
void grant_timer(sip::Message& response, const sip::Message& request, const SessionWish& wish);

/// When a session is to be refreshed, or given up.
class SessionTimer {
 public:
  /// A 2xx to an INVITE or UPDATE says it anew: RFC 4028 §7.2, §9. One without Session-Expires
  /// means no timer.
  void agreed(const sip::Message& response, Side request, Time now);

  /// RFC 4028 §10: at half the interval, where it is on this side; otherwise never.
  Time refresh_at() const { return refresh_at_; }
  /// A refresh was sent or announced: not again before the next agreement.
  void refreshing() { refresh_at_ = never; }
  /// RFC 4028 §10: a third of the interval, at most 32 s, before its end, a BYE is due from the
  /// side that waits for refreshes; at its end from the other.
  Time over_at() const { return over_at_; }

 private:
  Time refresh_at_ = never;
  Time over_at_ = never;
};

}  // namespace kith::dialog
