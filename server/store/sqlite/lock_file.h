#pragma once

#include <expected>
#include <filesystem>

#include "server/store/open.h"

namespace kith::store::sqlite {

/// The right to use a database, held by one program at a time: an flock on "DATABASE.lock", which
/// holds the owner's process id. The kernel lets go of it when the process ends, however it ends;
/// the file stays.
class LockFile {
 public:
  static std::expected<LockFile, OpenError> take(const std::filesystem::path& database);

  LockFile(LockFile&& other) noexcept;
  LockFile& operator=(LockFile&&) = delete;
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;
  ~LockFile();

 private:
  explicit LockFile(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace kith::store::sqlite
