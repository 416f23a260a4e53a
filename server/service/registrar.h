#pragma once

#include "server/service/caller.h"
#include "server/service/outcome.h"
#include "server/service/user.h"

/// REGISTER: RFC 3261 §10.3 and [MS-SIPREGE] §3.1.2.5.1. Pure functions of the user's state.
namespace kith::service::registrar {

/// Adds, refreshes, removes and lists the caller's bindings. Devices of the Microsoft dialect are
/// told apart by epid or `+sip.instance`, plain clients by their Contact.
Outcome handle(User& user, const Request& request);

/// Forgets the bindings that have expired; returns what is to be removed from disk.
std::vector<store::Write> expire(User& user, Time now);

/// When the next binding expires.
Time next_expiry(const User& user);

}  // namespace kith::service::registrar
