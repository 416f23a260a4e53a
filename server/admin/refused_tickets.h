#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/auth/mechanism.h"
#include "kith/base/time.h"
#include "server/admin/json.h"

/// What the operator hears of Kerberos tickets that were refused: a client with a wrong clock sees
/// a 401 and no reason, so the server has to have it.
namespace kith::admin {

/// Why a ticket was refused; none: the ticket was good, but its principal has no account.
using RefusalKind = std::optional<auth::AcceptFailure::Kind>;

/// The refusals for one reason since the server's start.
struct Refusals {
  RefusalKind kind;
  std::uint64_t count = 0;
  Duration since_first{};
  Duration since_last{};
  std::string detail{};  // of the last one: what the library said, and the remedy

  bool operator==(const Refusals&) const = default;
};

/// Counts them. From any thread.
class RefusedTickets {
 public:
  void note(RefusalKind kind, const std::string& detail, Time now);
  /// What has happened at all, in the order of the kinds.
  std::vector<Refusals> seen(Time now) const;

 private:
  struct Entry {
    std::uint64_t count = 0;
    Time first{};
    Time last{};
    std::string detail;
  };
  static constexpr std::size_t kinds =
      static_cast<std::size_t>(auth::AcceptFailure::Kind::unavailable) + 2;

  mutable std::mutex mutex_;
  std::array<Entry, kinds> entries_;
};

using Accept = std::function<auth::AcceptResult(std::string_view token)>;

/// Whether some account has this principal.
using HasAccount = std::function<bool(const std::string& principal)>;

/// The same acceptor, with what it refuses counted, and tickets of those who have no account.
/// `refused` outlives it.
Accept counted(Accept accept, HasAccount has_account, RefusedTickets& refused);

/// Whether somebody has to do something about it now: a ticket was refused lately for a reason that
/// does not go away by itself.
bool is_urgent(const Refusals& refusals);

/// "3 tickets were refused for clock skew since 5 min 3 s ago, the last 10 s ago: …; this server's
/// clock is 2025-01-31T12:00:00Z; let the client and the server both run NTP".
std::string sentence(const Refusals& refusals, Time now);

json::Value json_of(const Refusals& refusals);
/// What json_of() wrote; nothing for a kind that is not known.
std::vector<Refusals> refusals_of(const json::Value& array);

}  // namespace kith::admin
