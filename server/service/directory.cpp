#include "kith/base/text.h"
#include "server/service/core_entry.h"

namespace kith::service {

std::optional<sip::Aor> Core::Directory::account_of(std::string_view principal) const {
  const auto found = principals_.find(principal);
  if (found == principals_.end()) return std::nullopt;
  return found->second;
}

const store::Account* Core::Directory::named(std::string_view username) const {
  const auto found = users_.find(sip::Aor{to_lower(username)});
  if (found == users_.end()) return nullptr;
  const std::optional<store::Account>& account = found->second->user.account;
  return account && account->enabled ? &*account : nullptr;
}

std::optional<auth::DigestAccount> Core::Directory::digest_account(
    std::string_view username) const {
  const store::Account* const account = named(username);
  if (account == nullptr) return std::nullopt;
  return auth::DigestAccount{
      .aor = account->aor, .md5 = account->ha1_md5, .sha256 = account->ha1_sha256};
}

std::optional<auth::NtAccount> Core::Directory::nt_account(std::string_view username) const {
  const store::Account* const account = named(username);
  if (account == nullptr) return std::nullopt;
  return auth::NtAccount{
      .aor = account->aor,
      .nt_hash = crypto::Secret(from_hex(account->nt_hash.reveal()).value_or(std::string()))};
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
