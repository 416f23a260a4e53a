#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kith/base/flow.h"
#include "kith/sip/message.h"

/// What dialogs and transactions look at in messages; empty, or 0, where it is not there.
namespace kith::ua {

template <class Party>
std::string_view tag_of(const sip::Message& message) {
  const auto party = message.view<Party>();
  return party && *party ? (*party)->tag().value_or("") : std::string_view{};
}
std::string_view call_id_of(const sip::Message& message);
std::uint32_t sequence_of(const sip::Message& message);

/// RFC 6665 §4.4.1: package and id, by which one subscription of a dialog is told from another. The
/// id of what a REFER makes is the number in its CSeq: RFC 3515 §2.4.6.
std::string event_of(const sip::Message& request);

/// As event_of() of a NOTIFY that may be about the first REFER of its dialog: RFC 3515 §2.4.6.
inline constexpr std::string_view refer_without_id = "refer;";

/// Whether a NOTIFY can be about the subscription that a SUBSCRIBE or REFER asked for.
bool may_notify_of(const sip::Message& notify, const sip::Message& request);

/// RFC 4028 §7.4: INVITE and UPDATE.
bool refreshes_session(std::string_view method);

/// SUBSCRIBE and REFER.
bool subscribes(std::string_view method);

/// What means nothing without the session of its dialog: RFC 5057 §4.1.
bool needs_session(std::string_view method);

/// RFC 3261 §26.2.2: whether a request to this URI may leave on the flow. Nothing protects a
/// datagram; before or behind a stream somebody else may see to that.
bool may_carry(const Flow& flow, std::string_view request_uri);

/// What identifies a subscription before it has a dialog: Call-ID and the subscriber's tag.
std::string subscribing_key(const sip::Message& request);

}  // namespace kith::ua
