#pragma once

#include <expected>
#include <memory>

#include "server/store/open.h"

namespace kith::store::sqlite {

/// PRAGMA synchronous. `off` acknowledges what a power failure takes back: it exists so that a test
/// can show that it would notice.
enum class Synchronous { full, off };

/// A database in WAL mode, in one process: the index of the log lies in its memory (SQLite's
/// "unix-excl"), so nothing but the database and its log can run out of room, and no other program
/// reads the file meanwhile; for that there is backup().
///
/// PRAGMAs of the writing connection: journal_mode=WAL and synchronous=FULL (a commit is one sync
/// of the log), foreign_keys=ON (an account takes its list with it), wal_autocheckpoint=0 (the
/// Checkpointer does that), journal_size_limit (a log that once grew is cut when it starts over),
/// temp_store=MEMORY, trusted_schema=OFF, cell_size_check=ON (damage is noticed when it is read).
std::expected<std::unique_ptr<Store>, OpenError> open(const Config& config,
                                                      Synchronous synchronous);

}  // namespace kith::store::sqlite
