#pragma once

#include "server/service/caller.h"
#include "server/service/outcome.h"
#include "server/service/user.h"

/// Contact lists: the operations of [MS-SIP] §3.7.4.3 and the subscription of §3.7.4.1. Pure
/// functions of the user's state and the request; docs/decisions tells the edges.
namespace kith::service::contact_lists {

/// A SERVICE about the caller's own list, inside the subscription's dialog or outside
/// (SIP-CONT-23). After every refusal the device gets the full list, for it counted the operation.
Outcome operate(User& user, const Request& request);

/// A SUBSCRIBE to the caller's own list: new, refreshing or ending.
Outcome subscribe(User& user, const Request& request);

/// The whole list to every subscription of this device: of its epid, or of the same flow where it
/// has none.
void tell_full_list(const User& user, const auth::SaRef& device, std::string_view epid,
                    const Flow& flow, Outcome& outcome);

}  // namespace kith::service::contact_lists
