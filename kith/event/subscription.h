#pragma once

#include <string>
#include <string_view>

#include "kith/base/time.h"
#include "kith/dialog/dialog.h"
#include "kith/event/extensions.h"
#include "kith/event/package.h"
#include "kith/sip/message.h"

namespace kith::event {

/// What a notification carries. An empty body stands for none.
struct Content {
  std::string_view type;
  std::string_view body;
};

/// The notifier's half of a subscription: RFC 6665 §4.2, with the extensions of [MS-SIP] §3.4 to
/// §3.6. It builds every message that the subscriber gets, in the order they are to be sent; who
/// holds it adds Contact, signs and sends.
class Subscription {
 public:
  /// `granted` is how long the subscription lives without refresh; it is what the 200 says.
  Subscription(dialog::Dialog dialog, const Package& package, std::string id, Extensions extensions,
               Duration granted, Time now);

  const Package& package() const { return package_; }
  const dialog::Dialog& dialog() const { return dialog_; }
  dialog::Dialog& dialog() { return dialog_; }
  const Extensions& extensions() const { return extensions_; }
  Time expires() const { return expires_; }

  /// The 200 to the SUBSCRIBE that made or refreshes it. With piggyback the content rides along and
  /// takes the number that the first NOTIFY would have had (SIP-PIGY-02, SIP-PIGY-07).
  sip::Message accepted(const sip::Message& subscribe, const Content& content, Time now);
  /// Whether the content went out with the 200, so that no NOTIFY need follow at once.
  bool piggybacks() const { return extensions_.piggyback; }

  /// NOTIFY or BENOTIFY, as agreed. With auto-extension it restarts the expiry (SIP-AEXT-05).
  sip::Message notification(const Content& content, Time now);

  /// The last NOTIFY: `subscription-state: terminated`. RFC 6665 §4.1.3 lists the reasons. Where it
  /// is the only one, it has content.
  sip::Message farewell(std::string_view reason, const Content& content = {});

  /// A SUBSCRIBE inside the dialog asks for this much more: RFC 6665 §4.2.1.4.
  void refresh(Duration granted, Time now);

 private:
  sip::Message notify(std::string_view state, const Content& content);

  dialog::Dialog dialog_;
  Package package_;
  std::string id_;
  Extensions extensions_;
  Duration granted_;
  Time expires_;
};

/// The 200 to a SUBSCRIBE that ends its subscription, or that asked once (Expires: 0). The content
/// rides along where the client takes it there. An empty tag leaves the one that To has.
sip::Message ended(const sip::Message& subscribe, std::string_view to_tag, const Content& content);

}  // namespace kith::event
