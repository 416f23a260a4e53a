#include "server/store/testing/lossy_vfs.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <map>
#include <mutex>
#include <new>
#include <ranges>
#include <thread>
#include <vector>

#include "kith/base/random.h"

namespace kith::store::testing {
namespace {

/// One call that changed a file and was not synced since: what was there before and what came.
struct Change {
  std::int64_t offset = 0;
  std::vector<char> before;
  std::vector<char> after;
  std::int64_t size_before = 0;
  bool is_truncation = false;  // then offset is the new size, `before` what was cut off
};

constexpr std::size_t sector_bytes = 512;

}  // namespace

struct LossyVfs::Disk {
  std::string name;
  sqlite3_vfs vfs{};
  sqlite3_vfs* real = nullptr;

  mutable std::mutex mutex;
  std::map<std::string, std::vector<Change>> unsynced;  // by path
  bool powered = true;
  std::optional<std::uint64_t> calls_left;  // until the power fails
  bool writes_fail = false;
  bool syncs_fail = false;
  std::optional<std::uint64_t> room;
  std::chrono::milliseconds sync_delay{0};
  LossyVfs::Counts counts;

  /// Counts a call that matters to the disk; false: there is no power for it.
  bool take_power() {
    if (powered && calls_left && (*calls_left)-- == 0) {
      powered = false;
      calls_left.reset();
    }
    return powered;
  }
};

namespace {

using Disk = LossyVfs::Disk;

struct File {
  sqlite3_file base;  // first: SQLite sees only this
  Disk* disk;
  const std::string* path;  // the key in `unsynced`, which keeps its place
  sqlite3_file* real;       // behind this struct, in the memory that SQLite gave
};

File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
Disk& of(sqlite3_vfs* vfs) { return *static_cast<Disk*>(vfs->pAppData); }

std::int64_t size_of(const File& file) {
  sqlite3_int64 size = 0;
  file.real->pMethods->xFileSize(file.real, &size);
  return size;
}

std::vector<char> content(const File& file, std::int64_t offset, std::int64_t size) {
  const std::int64_t end = std::min(offset + size, size_of(file));
  std::vector<char> bytes(end > offset ? static_cast<std::size_t>(end - offset) : 0);
  if (!bytes.empty())
    file.real->pMethods->xRead(file.real, bytes.data(), static_cast<int>(bytes.size()), offset);
  return bytes;
}

int close(sqlite3_file* base) { return of(base).real->pMethods->xClose(of(base).real); }

int read(sqlite3_file* base, void* bytes, int size, sqlite3_int64 offset) {
  const File& file = of(base);
  const std::scoped_lock lock(file.disk->mutex);
  if (!file.disk->powered) return SQLITE_IOERR_READ;
  return file.real->pMethods->xRead(file.real, bytes, size, offset);
}

int write(sqlite3_file* base, const void* bytes, int size, sqlite3_int64 offset) {
  const File& file = of(base);
  Disk& disk = *file.disk;
  const std::scoped_lock lock(disk.mutex);
  if (!disk.take_power() || disk.writes_fail) return SQLITE_IOERR_WRITE;
  const std::int64_t size_before = size_of(file);
  const std::int64_t growth = std::max<std::int64_t>(0, offset + size - size_before);
  if (disk.room) {
    if (static_cast<std::uint64_t>(growth) > *disk.room) return SQLITE_FULL;
    *disk.room -= static_cast<std::uint64_t>(growth);
  }
  const char* data = static_cast<const char*>(bytes);
  disk.unsynced[*file.path].push_back(Change{
      .offset = offset,
      .before = content(file, offset, size),
      .after = std::vector<char>(data, data + size),
      .size_before = size_before,
      .is_truncation = false,
  });
  ++disk.counts.writes;
  disk.counts.bytes_written += static_cast<std::uint64_t>(size);
  return file.real->pMethods->xWrite(file.real, bytes, size, offset);
}

int truncate(sqlite3_file* base, sqlite3_int64 size) {
  const File& file = of(base);
  Disk& disk = *file.disk;
  const std::scoped_lock lock(disk.mutex);
  if (!disk.take_power()) return SQLITE_IOERR_TRUNCATE;
  const std::int64_t size_before = size_of(file);
  disk.unsynced[*file.path].push_back(Change{
      .offset = size,
      .before = content(file, size, size_before - size),
      .after = {},
      .size_before = size_before,
      .is_truncation = true,
  });
  return file.real->pMethods->xTruncate(file.real, size);
}

/// The disk below is not asked: this one is as fast as its delay says.
int sync(sqlite3_file* base, int) {
  const File& file = of(base);
  Disk& disk = *file.disk;
  std::chrono::milliseconds delay{0};
  {
    const std::scoped_lock lock(disk.mutex);
    if (!disk.take_power() || disk.syncs_fail) return SQLITE_IOERR_FSYNC;
    ++disk.counts.syncs;
    disk.unsynced[*file.path].clear();
    delay = disk.sync_delay;
  }
  // Waits: a slow disk is what is simulated here.
  if (delay.count() > 0) std::this_thread::sleep_for(delay);
  return SQLITE_OK;
}

int file_size(sqlite3_file* base, sqlite3_int64* size) {
  return of(base).real->pMethods->xFileSize(of(base).real, size);
}
int lock(sqlite3_file* base, int level) {
  return of(base).real->pMethods->xLock(of(base).real, level);
}
int unlock(sqlite3_file* base, int level) {
  return of(base).real->pMethods->xUnlock(of(base).real, level);
}
int check_reserved_lock(sqlite3_file* base, int* result) {
  return of(base).real->pMethods->xCheckReservedLock(of(base).real, result);
}
int file_control(sqlite3_file* base, int operation, void* argument) {
  // A size hint would make the file grow behind our back.
  if (operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE)
    return SQLITE_NOTFOUND;
  return of(base).real->pMethods->xFileControl(of(base).real, operation, argument);
}
int sector_size(sqlite3_file* base) { return of(base).real->pMethods->xSectorSize(of(base).real); }
int device_characteristics(sqlite3_file* base) {
  return of(base).real->pMethods->xDeviceCharacteristics(of(base).real);
}
int shm_map(sqlite3_file* base, int region, int size, int extend, void volatile** address) {
  return of(base).real->pMethods->xShmMap(of(base).real, region, size, extend, address);
}
int shm_lock(sqlite3_file* base, int offset, int count, int flags) {
  return of(base).real->pMethods->xShmLock(of(base).real, offset, count, flags);
}
void shm_barrier(sqlite3_file* base) { of(base).real->pMethods->xShmBarrier(of(base).real); }
int shm_unmap(sqlite3_file* base, int remove) {
  return of(base).real->pMethods->xShmUnmap(of(base).real, remove);
}

/// Version 2: without memory-mapped reads, which would go around us.
constexpr sqlite3_io_methods methods{
    .iVersion = 2,
    .xClose = close,
    .xRead = read,
    .xWrite = write,
    .xTruncate = truncate,
    .xSync = sync,
    .xFileSize = file_size,
    .xLock = lock,
    .xUnlock = unlock,
    .xCheckReservedLock = check_reserved_lock,
    .xFileControl = file_control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = device_characteristics,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int open(sqlite3_vfs* vfs, sqlite3_filename path, sqlite3_file* base, int flags, int* out_flags) {
  Disk& disk = of(vfs);
  File& file = of(base);
  file.base.pMethods = nullptr;
  file.disk = &disk;
  file.real = reinterpret_cast<sqlite3_file*>(&file + 1);
  {
    const std::scoped_lock guard(disk.mutex);
    if (!disk.powered) return SQLITE_CANTOPEN;
    file.path = &disk.unsynced.try_emplace(path == nullptr ? "" : path).first->first;
  }
  const int code = disk.real->xOpen(disk.real, path, file.real, flags, out_flags);
  if (file.real->pMethods != nullptr) file.base.pMethods = &methods;
  return code;
}

int remove(sqlite3_vfs* vfs, const char* path, int sync_folder) {
  Disk& disk = of(vfs);
  {
    const std::scoped_lock guard(disk.mutex);
    if (!disk.take_power()) return SQLITE_IOERR_DELETE;
    if (const auto known = disk.unsynced.find(path); known != disk.unsynced.end())
      known->second.clear();
  }
  return disk.real->xDelete(disk.real, path, sync_folder);
}

/// Straight on the file, for SQLite has it closed.
class Raw {
 public:
  explicit Raw(const std::string& path) : descriptor_(::open(path.c_str(), O_RDWR | O_CLOEXEC)) {}
  ~Raw() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Raw(const Raw&) = delete;
  Raw& operator=(const Raw&) = delete;

  bool is_open() const { return descriptor_ >= 0; }
  void put(std::int64_t offset, const std::vector<char>& bytes, std::size_t size) const {
    [[maybe_unused]] const ssize_t written = ::pwrite(descriptor_, bytes.data(), size, offset);
    assert(written == static_cast<ssize_t>(size));
  }
  void cut(std::int64_t size) const {
    [[maybe_unused]] const int code = ::ftruncate(descriptor_, size);
    assert(code == 0);
  }

 private:
  int descriptor_;
};

void undo(const Raw& file, const std::vector<Change>& changes) {
  for (const Change& change : std::views::reverse(changes)) {
    file.put(change.offset, change.before, change.before.size());
    file.cut(change.size_before);
  }
}

/// Some of the changes reached the disk after all: each whole, up to some sector, or not.
void keep_some(const Raw& file, const std::vector<Change>& changes, SeededRandom& random) {
  for (const Change& change : changes) {
    const std::uint64_t fate = random.below(3);
    if (fate == 0) continue;
    if (change.is_truncation) {
      file.cut(change.offset);
      continue;
    }
    const std::size_t sectors = change.after.size() / sector_bytes;
    const std::size_t size =
        fate == 1 ? change.after.size() : random.below(sectors + 1) * sector_bytes;
    file.put(change.offset, change.after, size);
  }
}

}  // namespace

LossyVfs::LossyVfs(const std::string& name) : disk_(std::make_unique<Disk>()) {
  Disk& disk = *disk_;
  disk.name = name;
  disk.real = sqlite3_vfs_find("unix-excl");
  disk.vfs = *disk.real;  // the rest (names, dynamic libraries, time) is the real one's
  disk.vfs.pNext = nullptr;
  disk.vfs.zName = disk.name.c_str();
  disk.vfs.szOsFile = static_cast<int>(sizeof(File)) + disk.real->szOsFile;
  disk.vfs.pAppData = &disk;
  disk.vfs.xOpen = open;
  disk.vfs.xDelete = remove;
  sqlite3_vfs_register(&disk.vfs, 0);
}

LossyVfs::~LossyVfs() { sqlite3_vfs_unregister(&disk_->vfs); }

const std::string& LossyVfs::name() const { return disk_->name; }

void LossyVfs::power_fail() {
  const std::scoped_lock guard(disk_->mutex);
  disk_->powered = false;
  disk_->calls_left.reset();
}

void LossyVfs::power_fail_after(std::uint64_t calls) {
  const std::scoped_lock guard(disk_->mutex);
  disk_->calls_left = calls;
}

bool LossyVfs::has_power() const {
  const std::scoped_lock guard(disk_->mutex);
  return disk_->powered;
}

void LossyVfs::power_on(std::uint64_t seed) {
  const std::scoped_lock guard(disk_->mutex);
  SeededRandom random(seed);
  for (auto& [path, changes] : disk_->unsynced) {
    if (changes.empty()) continue;
    const Raw file(path);
    if (file.is_open()) {
      undo(file, changes);
      if (seed != 0) keep_some(file, changes, random);
    }
    changes.clear();
  }
  disk_->powered = true;
  disk_->calls_left.reset();
}

void LossyVfs::fail_writes(bool fail) {
  const std::scoped_lock guard(disk_->mutex);
  disk_->writes_fail = fail;
}

void LossyVfs::fail_syncs(bool fail) {
  const std::scoped_lock guard(disk_->mutex);
  disk_->syncs_fail = fail;
}

void LossyVfs::set_room(std::optional<std::uint64_t> bytes) {
  const std::scoped_lock guard(disk_->mutex);
  disk_->room = bytes;
}

void LossyVfs::set_sync_delay(std::chrono::milliseconds delay) {
  const std::scoped_lock guard(disk_->mutex);
  disk_->sync_delay = delay;
}

LossyVfs::Counts LossyVfs::counts() const {
  const std::scoped_lock guard(disk_->mutex);
  return disk_->counts;
}

}  // namespace kith::store::testing
