#pragma once

#include "kith/event/package.h"

namespace kith::event {

/// A user's contact list, for that user's own devices: [MS-SIP] §3.7.4.1. The first notification
/// holds the whole list, later ones what changed (SIP-CONT-02).
inline constexpr Package roaming_contacts{
    .name = "vnd-microsoft-roaming-contacts",
    .content_type = "application/vnd-microsoft-roaming-contacts+xml",
};

}  // namespace kith::event
