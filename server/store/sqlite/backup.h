#pragma once

#include <expected>
#include <filesystem>
#include <string>

#include "server/store/open.h"

namespace kith::store::sqlite {

/// Store::backup for a database that this process holds open.
std::expected<Counts, Trouble> back_up(const std::filesystem::path& database,
                                       const std::string& vfs, const std::filesystem::path& file);

std::expected<Counts, OpenError> verify(const std::filesystem::path& file);

std::expected<Counts, OpenError> restore(const std::filesystem::path& file,
                                         const std::filesystem::path& database,
                                         const std::filesystem::path& before);

}  // namespace kith::store::sqlite
