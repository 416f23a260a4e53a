#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/admin/admin.h"

/// Answers as a person and as a program reads them.
namespace kith::admin {

/// Marks those whose password was made for another realm than this.
Answer report(const std::vector<store::Account>& accounts, const std::string& digest_realm);

/// `view`: where the server has the user in memory, for the devices.
Answer report(const sip::Aor& aor, const contacts::List& list, const service::UserView* view);

/// Where the user's devices are reached, those apart whose time has ended.
Answer report(const sip::Aor& aor, const std::vector<service::Device>& devices, Time now);

/// Code::no where the server is not well.
Answer report(const std::optional<ServerStatus>& server, const store::Health& health,
              const std::expected<store::Counts, store::Trouble>& counts);

Answer report(const store::Counts& counts, const std::string& done);

/// "a, b"
std::string joined(const std::vector<std::string>& all, std::string_view between);
/// "1 user", "2 users"
std::string number_of(std::uint64_t count, std::string_view what);
/// "3 d 4 h", "12 min 5 s": the two largest units.
std::string in_words(Duration duration);
/// "1.5 MB"
std::string bytes_in_words(std::uint64_t bytes);

}  // namespace kith::admin
