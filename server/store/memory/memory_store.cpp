#include "server/store/memory/memory_store.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "kith/base/overloaded.h"
#include "server/store/limits.h"

namespace kith::store {
namespace {

using Objection = std::optional<CommitResult>;

Objection conflict(std::string sentence) { return refused(Cause::conflict, std::move(sentence)); }

const Account* owner_of(const MemoryStore::Users& users, std::string_view principal) {
  for (const auto& [aor, user] : users)
    if (std::ranges::find(user.account->principals, principal) != user.account->principals.end())
      return &*user.account;
  return nullptr;
}

Objection put(UserRecord& user, const ListChange& write) {
  contacts::List list = user.list;
  if (!list.follow(write.delta)) return conflict("The delta does not fit the stored list.");
  user.list = std::move(list);
  return std::nullopt;
}

Objection put(UserRecord& user, const ReplaceList& write) {
  if (write.list.version() <= user.list.version())
    return conflict("The stored list's version is not below the new one's.");
  user.list = write.list;
  return std::nullopt;
}

Objection put(UserRecord& user, const PutBinding& write) {
  const auto place =
      std::ranges::lower_bound(user.bindings, write.binding.device, {}, &Binding::device);
  if (place != user.bindings.end() && place->device == write.binding.device) {
    *place = write.binding;
    return std::nullopt;
  }
  if (user.bindings.size() >= bindings_per_user_max)
    return refused(Cause::too_large, "The user has too many bindings.");
  user.bindings.insert(place, write.binding);
  return std::nullopt;
}

Objection put(UserRecord& user, const RemoveBinding& write) {
  std::erase_if(user.bindings,
                [&](const Binding& binding) { return binding.device == write.device; });
  return std::nullopt;
}

Objection put(MemoryStore::Users& users, const Account& account) {
  const auto known = users.find(account.aor.value);
  if (known == users.end() && account.revision != 0)
    return refused(Cause::no_account, "There is no account " + account.aor.value + ".");
  const std::uint64_t stored = known == users.end() ? 0 : known->second.account->revision;
  if (stored != account.revision) return conflict("The account exists or was changed meanwhile.");
  for (const std::string& principal : account.principals) {
    const Account* owner = owner_of(users, principal);
    if (owner != nullptr && owner->aor != account.aor)
      return conflict("A Kerberos principal belongs to another account.");
  }
  UserRecord& user = users[account.aor.value];
  user.account = account;
  ++user.account->revision;
  return std::nullopt;
}

Objection put(MemoryStore::Users& users, const sip::Aor& aor, const Write& write) {
  if (const auto* account = std::get_if<PutAccount>(&write)) return put(users, account->account);
  const auto user = users.find(aor.value);
  if (user == users.end())
    return refused(Cause::no_account, "There is no account " + aor.value + ".");
  return std::visit(Overloaded{
                        [](const PutAccount&) { return Objection{}; },
                        [&](const RemoveAccount&) {
                          users.erase(user);
                          return Objection{};
                        },
                        [&](const auto& other) { return put(user->second, other); },
                    },
                    write);
}

class MemoryReader final : public Reader {
 public:
  explicit MemoryReader(const MemoryStore& store) : store_(store) {}

  std::expected<UserRecord, Trouble> load(const sip::Aor& aor) override {
    const auto user = store_.users().find(aor.value);
    return user == store_.users().end() ? UserRecord{} : user->second;
  }

  std::expected<std::optional<Account>, Trouble> account(const sip::Aor& aor) override {
    return load(aor)->account;
  }

  std::expected<std::optional<Account>, Trouble> account_of(std::string_view principal) override {
    const Account* owner = owner_of(store_.users(), principal);
    return owner == nullptr ? std::nullopt : std::optional{*owner};
  }

  std::expected<std::vector<Account>, Trouble> accounts(const sip::Aor& after,
                                                        std::size_t at_most) override {
    std::vector<Account> accounts;
    const std::size_t count = std::min(at_most, accounts_in_page_max);
    for (auto user = store_.users().upper_bound(after.value);
         user != store_.users().end() && accounts.size() < count; ++user)
      accounts.push_back(*user->second.account);
    return accounts;
  }

  std::expected<Counts, Trouble> counts() override {
    Counts counts;
    for (const auto& [aor, user] : store_.users()) {
      ++counts.accounts;
      counts.contacts += user.list.contacts().size();
      counts.groups += user.list.groups().size();
      counts.bindings += user.bindings.size();
      counts.list_versions += user.list.version().value;
    }
    return counts;
  }

  std::expected<void, Trouble> check() override { return {}; }

 private:
  const MemoryStore& store_;
};

}  // namespace

std::expected<std::unique_ptr<Reader>, Trouble> MemoryStore::reader() {
  return std::make_unique<MemoryReader>(*this);
}

CommitResult MemoryStore::put(const Batch& batch) {
  if (Objection no = objection(batch)) return *no;
  // A batch is undone as a whole: its user as it was before, or absent.
  const auto known = users_.find(batch.aor.value);
  const std::optional<UserRecord> before =
      known == users_.end() ? std::nullopt : std::optional{known->second};
  for (const Write& write : batch.writes) {
    Objection no = store::put(users_, batch.aor, write);
    if (!no) continue;
    if (before)
      users_[batch.aor.value] = *before;
    else
      users_.erase(batch.aor.value);
    return *no;
  }
  return {};
}

std::vector<CommitResult> MemoryStore::commit(std::span<const Batch> batches) {
  std::vector<CommitResult> results;
  for (const Batch& batch : batches)
    results.push_back(refusal_ == Cause::none ? put(batch)
                                              : refused(refusal_, "The store was told to refuse."));
  return results;
}

Health MemoryStore::health() const {
  Health health;
  health.writable = refusal_ == Cause::none;
  health.cause = refusal_;
  if (!health.writable) health.sentence = "The store was told to refuse.";
  return health;
}

std::expected<Counts, Trouble> MemoryStore::backup(const std::filesystem::path&) {
  return std::unexpected(Trouble{Cause::io_error, "A store in memory has no file to copy."});
}

}  // namespace kith::store
