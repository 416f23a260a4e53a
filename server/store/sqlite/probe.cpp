#include "server/store/sqlite/probe.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace kith::store::sqlite {

bool has_room(const std::filesystem::path& database, const std::string& vfs_name,
              std::uint64_t bytes) {
  constexpr std::uint64_t bytes_max = 16'000'000;
  sqlite3_vfs* const vfs = sqlite3_vfs_find(vfs_name.c_str());
  if (vfs == nullptr) return false;
  const auto size = static_cast<std::size_t>(vfs->szOsFile);
  std::vector<std::max_align_t> memory(size / sizeof(std::max_align_t) + 1);
  auto* const file = reinterpret_cast<sqlite3_file*>(memory.data());  // NOLINT: SQLite's interface
  file->pMethods = nullptr;
  const std::string path = database.string() + "-probe";
  constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_TEMP_JOURNAL |
                        SQLITE_OPEN_DELETEONCLOSE;
  const int opened = vfs->xOpen(vfs, path.c_str(), file, flags, nullptr);
  if (file->pMethods == nullptr) return false;
  const std::vector<char> content(std::min(bytes, bytes_max), '\1');
  const bool has_room = opened == SQLITE_OK &&
                        file->pMethods->xWrite(file, content.data(),
                                               static_cast<int>(content.size()), 0) == SQLITE_OK &&
                        file->pMethods->xSync(file, SQLITE_SYNC_NORMAL) == SQLITE_OK;
  file->pMethods->xClose(file);
  return has_room;
}

}  // namespace kith::store::sqlite
