#include "server/store/sqlite/lock_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace kith::store::sqlite {
namespace {

std::string owner_of(int descriptor) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(descriptor, text.data(), text.size(), 0);
  std::string_view pid(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  pid = pid.substr(0, pid.find_first_not_of("0123456789"));
  return pid.empty() ? "another process" : "process " + std::string{pid};
}

/// Who owns it is for people; a disk too full to write it down does not keep the server from
/// running.
void write_owner(int descriptor) {
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(descriptor, 0) != 0) return;
  [[maybe_unused]] const ssize_t written = ::pwrite(descriptor, pid.data(), pid.size(), 0);
}

Cause cause_of(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return Cause::disk_full;
    case EROFS:
    case EACCES:
    case EPERM:
      return Cause::read_only;
    default:
      return Cause::io_error;
  }
}

}  // namespace

std::expected<LockFile, OpenError> LockFile::take(const std::filesystem::path& database) {
  const std::string path = database.string() + ".lock";
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) {
    const int error = errno;
    return std::unexpected(
        OpenError{cause_of(error), "The lock file " + path + " cannot be made (" +
                                       std::generic_category().message(error) +
                                       "): make the folder, and let this user write to it."});
  }
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    const std::string owner = owner_of(descriptor);
    ::close(descriptor);
    return std::unexpected(OpenError{Cause::conflict, "The database " + database.string() +
                                                          " is in use by " + owner +
                                                          ": stop that server first."});
  }
  write_owner(descriptor);
  return LockFile(descriptor);
}

LockFile::LockFile(LockFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

LockFile::~LockFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace kith::store::sqlite
