#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace kith::store::sqlite {

/// Whether the disk of the database takes so many bytes more: they are written to a file beside it
/// that has no name any more, and synced.
bool has_room(const std::filesystem::path& database, const std::string& vfs, std::uint64_t bytes);

}  // namespace kith::store::sqlite
