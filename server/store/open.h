#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <string>

#include "server/store/store.h"

namespace kith::store {

struct Config {
  std::filesystem::path database;  // "/var/lib/kith/kith.db"
  std::string vfs;                 // the name of a registered SQLite VFS; empty: SQLite's own
  /// The write-ahead log is copied into the database when it has grown by this much. It happens
  /// beside the commits and does not hold them up.
  std::uint64_t checkpoint_bytes = std::uint64_t{4} << 20;
  /// From this length on the next commit waits for it, so that the log starts over.
  std::uint64_t log_bytes_max = std::uint64_t{64} << 20;
};

/// Why a database was not opened: one sentence that names the remedy.
struct OpenError {
  Cause cause = Cause::io_error;
  std::string sentence;
};

/// Opens the database, makes it where there is none, brings an older schema up to date. Holds a
/// lock against other servers until the store goes. Refused: a database in use, of a newer schema,
/// of another program, damaged, or not writable.
std::expected<std::unique_ptr<Store>, OpenError> open(const Config& config);

/// Reads a backup and verifies it: intact, ours, of a schema that this program knows.
std::expected<Counts, OpenError> verify(const std::filesystem::path& file);

/// Puts a verified backup in the place of the database, which no server may be using: at any moment
/// of a crash there is the old one or the new one, whole. The old one is kept as `before`, where
/// that is a name.
std::expected<Counts, OpenError> restore(const std::filesystem::path& file,
                                         const std::filesystem::path& database,
                                         const std::filesystem::path& before = {});

}  // namespace kith::store
