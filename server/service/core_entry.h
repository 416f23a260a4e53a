#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "server/service/core.h"

namespace kith::service {

/// A request and where it came in.
struct Core::Incoming {
  Origin origin;
  sip::Message request;
};

/// An outcome that waits for its writes, or for those before it.
struct Core::Held {
  Incoming incoming;  // for the 503 and the log
  Caller caller;
  Outcome outcome;
  std::optional<CommitId> commit;  // its own writes, until they are on disk
  Time since{};
  bool answered = false;  // patience ended: 503 has left, only the effects are to come
};

/// A request whose credentials somebody else looks at.
struct Core::Asking {
  sip::Aor aor;
  Incoming incoming;
};

/// One user, and what is under way.
struct Core::Entry {
  enum class State { loading, ready };

  sip::Aor aor;
  User user;
  State state = State::loading;
  std::deque<Held> held;
  std::deque<Incoming> waiting;    // for the user to be loaded
  std::vector<Caller> uninformed;  // they get the full list once it is known again
  std::size_t asking = 0;
  bool stranger = false;            // loaded, and there is no such account
  bool load_when_released = false;  // the user is read again once nothing is held
  Time load_again = never;          // a load failed, and is tried again then
  Time last_used{};
  Time deadline = never;
};

/// The accounts of the users that are loaded. A request waits for its own user to be, so whoever
/// could own it is here; for anybody else the answer is the one for an unknown name.
class Core::Directory final : public auth::Accounts {
 public:
  explicit Directory(const std::unordered_map<sip::Aor, std::unique_ptr<Entry>>& users)
      : users_(users) {}

  std::optional<sip::Aor> account_of(std::string_view principal) const override;
  std::optional<auth::DigestAccount> digest_account(std::string_view username) const override;
  std::optional<auth::NtAccount> nt_account(std::string_view username) const override;

  void add(const store::Account& account);
  void remove(const store::Account& account);

 private:
  /// The enabled account of that name; null where there is none.
  const store::Account* named(std::string_view username) const;

  const std::unordered_map<sip::Aor, std::unique_ptr<Entry>>& users_;
  std::map<std::string, sip::Aor, std::less<>> principals_;
};

}  // namespace kith::service
