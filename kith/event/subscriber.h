#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kith/base/time.h"
#include "kith/dialog/dialog.h"
#include "kith/event/extensions.h"
#include "kith/event/package.h"
#include "kith/sip/message.h"

namespace kith::event {

/// Who subscribes to what.
struct Wish {
  Package package;
  std::string resource;  // Request-URI and To: "sip:alice@example.com"
  std::string from;      // From as it goes out, with tag and epid
  std::string call_id;
  Extensions extensions{.benotify = true, .piggyback = true, .autoextend = true};
};

/// What an answer to our SUBSCRIBE came to.
struct Answered {
  enum class Kind {
    active,   // subscribed, or refreshed
    again,    // send subscribe() once more: a proxy does not know BENOTIFY, or the dialog is gone
    ended,    // what unsubscribe() asked for
    refused,  // nothing is subscribed
  };
  Kind kind = Kind::active;
  std::optional<std::string_view> content{};  // SIP-PIGY-05: rides in the 200; valid as long as it
};

/// What a notification came to.
struct Notified {
  int status = 0;  // the answer that it wants; 0: none, it is a BENOTIFY (SIP-BEN-06)
  std::optional<std::string_view> content{};  // valid as long as the message
  bool terminated = false;                    // the notifier ended the subscription
};

/// The subscriber's half of a subscription: RFC 6665 §4.1, with the extensions of [MS-SIP] §3.4 to
/// §3.6. It builds the requests without Via, Contact and credentials, which its holder adds.
class Subscriber {
 public:
  /// How much earlier than its expiry a subscription is refreshed; a short one at half its time.
  static constexpr Duration refresh_margin = 120s;
  /// After a refresh that failed.
  static constexpr Duration retry_pause = 30s;
  /// What a 200 without Expires is taken to have granted.
  static constexpr Duration granted_default = 3600s;

  explicit Subscriber(Wish wish) : wish_(std::move(wish)), wanted_(wish_.extensions) {}

  /// The next SUBSCRIBE: it makes the subscription, or refreshes it inside its dialog. Each call
  /// takes a new CSeq, so that a challenged one is sent again by calling once more.
  sip::Message subscribe();
  /// Expires: 0 inside the dialog; only while active().
  sip::Message unsubscribe();

  /// A final response to one of these requests.
  Answered answered(const sip::Message& request, const sip::Message& response, Time now);

  /// Whether a NOTIFY or BENOTIFY belongs here; one may come before the 200.
  bool matches(const sip::Message& notify) const;
  Notified notified(const sip::Message& notify, Time now);

  bool active() const { return dialog_.has_value(); }
  /// What the server confirmed.
  const Extensions& extensions() const { return agreed_; }
  /// When to send subscribe() again (SIP-AEXT-06); never while there is nothing to refresh.
  Time refresh_at() const;
  Time expires() const { return expires_; }

  /// The dialog is gone, or of no more use: subscribe() makes a new one.
  void forget();

 private:
  sip::Message initial();
  Answered accepted(const sip::Message& request, const sip::Message& response, Time now);

  Wish wish_;
  Extensions wanted_;
  Extensions agreed_;
  std::optional<dialog::Dialog> dialog_;
  std::uint32_t sequence_ = 0;  // of requests outside the dialog
  std::uint32_t dialogs_ = 0;
  std::uint32_t content_sequence_ = 0;  // CSeq of the newest content
  Duration granted_{};
  Time expires_ = never;
  Time not_before_{};  // of the next refresh
};

}  // namespace kith::event
