#include "kith/base/text.h"
#include "server/service/core_entry.h"

namespace kith::service {

std::optional<sip::Aor> Core::Directory::account_of(std::string_view principal) const {
  const auto found = principals_.find(principal);
  if (found == principals_.end()) return std::nullopt;
  return found->second;
}

std::optional<auth::DigestAccount> Core::Directory::digest_account(
    std::string_view username) const {
  const auto found = users_.find(sip::Aor{to_lower(username)});
  if (found == users_.end()) return std::nullopt;
  const std::optional<store::Account>& account = found->second->user.account;
  if (!account || !account->enabled) return std::nullopt;
  return auth::DigestAccount{
      .aor = account->aor,
      .md5 = crypto::Secret(std::string(account->ha1_md5.reveal())),
      .sha256 = crypto::Secret(std::string(account->ha1_sha256.reveal())),
  };
}

void Core::Directory::add(const store::Account& account) {
  if (!account.enabled) return;
  for (const std::string& principal : account.principals) principals_[principal] = account.aor;
}

void Core::Directory::remove(const store::Account& account) {
  for (const std::string& principal : account.principals) {
    const auto found = principals_.find(principal);
    if (found != principals_.end() && found->second == account.aor) principals_.erase(found);
  }
}

}  // namespace kith::service
