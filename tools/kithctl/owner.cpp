#include "tools/kithctl/owner.h"

#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <string_view>

namespace kith::ctl {

void give_to_owner_of_folder(const std::filesystem::path& database) {
  struct stat folder{};
  if (::geteuid() != 0 || ::stat(database.parent_path().c_str(), &folder) != 0) return;
  for (const std::string_view suffix : {"", "-wal", "-shm", ".lock"}) [[maybe_unused]]
    const int ignored =
        ::chown((database.string() + std::string(suffix)).c_str(), folder.st_uid, folder.st_gid);
}

}  // namespace kith::ctl
