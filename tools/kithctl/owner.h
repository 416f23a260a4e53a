#pragma once

#include <filesystem>

namespace kith::ctl {

/// Run by root: the database and what lies beside it go to the owner of its folder, who runs the
/// server. Where that fails, the start of the server says which file it cannot use.
void give_to_owner_of_folder(const std::filesystem::path& database);

}  // namespace kith::ctl
