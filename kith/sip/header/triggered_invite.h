#pragma once

#include <optional>

#include "kith/sip/header.h"

namespace kith::sip {

/// TriggeredInvite = "TRUE" / "FALSE"
/// Whether an INVITE came of a REFER that made a conversation of two one of several. Not in
/// [MS-SIP]: as clients of 2005 send it
struct TriggeredInvite {
  static constexpr HeaderName name{.full = "TriggeredInvite"};
  using View = TriggeredInvite;

  bool triggered = false;

  static std::optional<TriggeredInvite> parse(Scanner& in);
  void write(Writer& out) const { out << (triggered ? "TRUE" : "FALSE"); }
  bool operator==(const TriggeredInvite&) const = default;
};
static_assert(Header<TriggeredInvite>);

}  // namespace kith::sip
