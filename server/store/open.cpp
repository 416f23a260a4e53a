#include "server/store/open.h"

#include "server/store/sqlite/backup.h"
#include "server/store/sqlite/sqlite_store.h"

namespace kith::store {

std::expected<std::unique_ptr<Store>, OpenError> open(const Config& config) {
  return sqlite::open(config, sqlite::Synchronous::full);
}

std::expected<Counts, OpenError> verify(const std::filesystem::path& file) {
  return sqlite::verify(file);
}

std::expected<Counts, OpenError> restore(const std::filesystem::path& file,
                                         const std::filesystem::path& database,
                                         const std::filesystem::path& before) {
  return sqlite::restore(file, database, before);
}

}  // namespace kith::store
