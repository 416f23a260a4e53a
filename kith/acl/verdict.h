#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kith/acl/ace.h"
#include "kith/acl/list.h"
#include "kith/sip/uri.h"

namespace kith::acl {

/// What somebody wants of a user, in the words of `kithctl explain WATCHER watches USER`.
enum class Purpose : std::uint8_t { watches, messages, calls };

/// "watches", "messages" or "calls".
std::string_view to_string(Purpose purpose);
/// The purpose of that word; nothing for any other.
std::optional<Purpose> purpose_of(std::string_view word);

/// What somebody may, and why.
struct Verdict {
  enum class Reason : std::uint8_t {
    same_user,  // nobody is kept from their own presence
    entry,      // `ace` says so
    unlisted,   // the list has no entry about them
  };

  Access access = unlisted_presence;
  Reason reason = Reason::unlisted;
  std::optional<Ace> ace{};  // the entry that decided

  bool operator==(const Verdict&) const = default;
};

/// The one rule of privacy: whether somebody may do this to the user of that list. The first letter
/// of the entry about them decides on watching, the second on messages and calls, which are allowed
/// or denied and nothing between. A list with no such entry means unlisted_presence and
/// unlisted_communication.
///
/// A server must act on it where somebody watches, a client where somebody messages or calls
/// (SIP-ACL-06, SIP-ACL-07); `watcher` is the URI of From, `presentity` the user of To.
Verdict may(const sip::UriView& watcher, Purpose purpose, const sip::Aor& presentity,
            const List& acl);

/// "allowed: USER sip:ines@lab.example AA", for a person; on one line.
std::string to_string(const Verdict& verdict);

/// The status of a SUBSCRIBE to the presence of somebody: 403 where it is denied, else 200.
constexpr unsigned subscribe_status(Access access) { return access == Access::deny ? 403 : 200; }
/// The status of a getPresence: 403 where it is not allowed outright. [MS-SIP] §3.2.4.4
constexpr unsigned poll_status(Access access) { return access == Access::allow ? 200 : 403; }
/// Whether who subscribed is shown the document as it is; else one that is offline.
constexpr bool shows_presence(Access access) { return access == Access::allow; }

}  // namespace kith::acl
