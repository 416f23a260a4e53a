#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace kith::store::testing {

/// An SQLite VFS over "unix-excl" on which power can fail: what was written and not synced is then
/// gone, or there in part and in any order, as on a real disk. It counts, slows down and fails
/// calls too; a sync takes the set delay and does not reach the real disk. Thread-safe. Files that
/// it made or removed stay so: it forgets what is in them only.
class LossyVfs {
 public:
  /// Registers itself with SQLite under the name; unregisters at its end, when all is closed.
  explicit LossyVfs(const std::string& name);
  ~LossyVfs();
  LossyVfs(const LossyVfs&) = delete;
  LossyVfs& operator=(const LossyVfs&) = delete;

  const std::string& name() const;

  /// Now, or at the n-th call from now that writes, truncates or syncs: that one and all later ones
  /// fail, until power_on().
  void power_fail();
  void power_fail_after(std::uint64_t calls);
  bool has_power() const;
  /// Undoes what was not synced, but for a part that the seed chooses (0: nothing of it survives).
  /// All connections to the files are closed before.
  void power_on(std::uint64_t seed);

  void fail_writes(bool fail);  // SQLITE_IOERR_WRITE, as a disk that was remounted read-only
  void fail_syncs(bool fail);   // SQLITE_IOERR_FSYNC
  /// How many bytes files may still grow by before SQLITE_FULL; nothing: any.
  void set_room(std::optional<std::uint64_t> bytes);
  void set_sync_delay(std::chrono::milliseconds delay);

  struct Counts {
    std::uint64_t writes = 0;
    std::uint64_t syncs = 0;
    std::uint64_t bytes_written = 0;
  };
  Counts counts() const;

  struct Disk;

 private:
  std::unique_ptr<Disk> disk_;
};

}  // namespace kith::store::testing
