#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "server/store/record.h"

namespace kith::store {

/// One step of a user's list. Guarded: refused with Cause::conflict where the stored version is not
/// the delta's previous one, so a step is never applied to a list that it was not made for.
struct ListChange {
  contacts::Delta delta;
};

/// The whole list in place of the stored one, whatever that was: for imports and repairs. The new
/// list's version must be greater than the stored one, or it is a conflict.
struct ReplaceList {
  contacts::List list;
};

/// Puts a binding, or replaces the one with the same device.
struct PutBinding {
  Binding binding;
};

/// Removes a binding; fine where there is none.
struct RemoveBinding {
  std::string device;
};

/// Makes the account (revision 0) or changes it (the revision that it was read with; another one
/// stored, or a principal that belongs to somebody else: Cause::conflict). A new account comes with
/// an empty list. The stored revision is one more than the given.
struct PutAccount {
  Account account;
};

/// Removes the account with its list and bindings; Cause::no_account where there is none.
struct RemoveAccount {};

using Write =
    std::variant<ListChange, ReplaceList, PutBinding, RemoveBinding, PutAccount, RemoveAccount>;

/// The writes of one request, all about one user: stored together or not at all. All but
/// PutAccount need the account to exist.
struct Batch {
  sip::Aor aor;
  std::vector<Write> writes;
};

/// How a batch ended.
enum class Commit {
  done,     // it is on disk: what was held back may leave
  refused,  // nothing of it is stored; drop the user's durable state, load it again, answer 503
  unknown,  // it may be stored or not: stop the process and recover from disk
};

/// Why a batch was refused, a user was not loaded, a file not opened.
enum class Cause {
  none,
  conflict,    // a guard failed: the stored version is another one, a name is taken
  no_account,  // writes about a user who does not exist
  too_large,   // a limit of limits.h
  queue_full,  // the writer is behind
  disk_full,
  read_only,  // the disk or the file
  io_error,
  corrupt,  // the file is damaged
  stopped,  // an earlier commit ended unknown, or the store is closing
};

std::string_view to_string(Commit how);
std::string_view to_string(Cause cause);

/// True for what the machine did: every user's next write may meet the same, health() shows it.
bool is_machine_trouble(Cause cause);

struct CommitResult {
  Commit how = Commit::done;
  Cause cause = Cause::none;
  std::string sentence;  // for the log, empty when done

  bool operator==(const CommitResult&) const = default;
};

/// What every implementation refuses before it looks at what is stored: sizes beyond limits.h, an
/// account of another name than the batch's, the same principal twice.
std::optional<CommitResult> objection(const Batch& batch);

CommitResult refused(Cause cause, std::string sentence);

}  // namespace kith::store
