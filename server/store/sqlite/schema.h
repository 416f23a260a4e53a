#pragma once

#include <span>
#include <string_view>

#include "server/store/sqlite/connection.h"

namespace kith::store::sqlite {

/// PRAGMA application_id of our files: "KITH". How another program's database is told from ours.
inline constexpr std::int64_t application_id = 0x4B495448;

/// The n-th element brings a database of schema n to schema n + 1; the first one makes it out of
/// nothing. PRAGMA user_version holds the number. What is here is on disks elsewhere: a change is a
/// new element at the end, never an edit.
std::span<const std::string_view> migrations();

/// Every step that the database lacks, in one transaction. The connection may write.
void migrate(Connection& connection, std::span<const std::string_view> to_take);

/// Nothing if the file is empty or ours and of a schema up to `known`; else the sentence that
/// refuses it.
std::string objection_to(Connection& connection, std::size_t known);

}  // namespace kith::store::sqlite
