#include "server/store/write.h"

#include <algorithm>
#include <utility>

#include "kith/base/overloaded.h"
#include "server/store/limits.h"

namespace kith::store {
namespace {

bool fits(std::string_view text) { return text.size() <= text_bytes_max; }

bool fits(const Account& account) {
  return fits(account.aor.value) && fits(account.display_name) && fits(account.digest_realm) &&
         fits(account.ha1_md5.reveal()) && fits(account.ha1_sha256.reveal()) &&
         fits(account.nt_hash.reveal()) &&
         account.principals.size() <= principals_per_account_max &&
         std::ranges::all_of(account.principals, [](const std::string& p) { return fits(p); });
}

bool fits(const Binding& binding) {
  return fits(binding.device) && fits(binding.epid) && fits(binding.instance) &&
         fits(binding.contact) && fits(binding.call_id) && fits(binding.flow) &&
         fits(binding.user_agent);
}

bool fits(const Write& write) {
  return std::visit(Overloaded{
                        // The model has bounded these.
                        [](const ListChange&) { return true; },
                        [](const ReplaceList&) { return true; },
                        [](const PutBinding& put) { return fits(put.binding); },
                        [](const RemoveBinding& remove) { return fits(remove.device); },
                        [](const PutAccount& put) { return fits(put.account); },
                        [](const RemoveAccount&) { return true; },
                    },
                    write);
}

bool names_one_twice(std::vector<std::string> names) {
  std::ranges::sort(names);
  return std::ranges::adjacent_find(names) != names.end();
}

}  // namespace

std::string_view to_string(Commit how) {
  switch (how) {
    case Commit::done:
      return "done";
    case Commit::refused:
      return "refused";
    case Commit::unknown:
      return "unknown";
  }
  std::unreachable();
}

std::string_view to_string(Cause cause) {
  switch (cause) {
    case Cause::none:
      return "none";
    case Cause::conflict:
      return "conflict";
    case Cause::no_account:
      return "no_account";
    case Cause::too_large:
      return "too_large";
    case Cause::queue_full:
      return "queue_full";
    case Cause::disk_full:
      return "disk_full";
    case Cause::read_only:
      return "read_only";
    case Cause::io_error:
      return "io_error";
    case Cause::corrupt:
      return "corrupt";
    case Cause::stopped:
      return "stopped";
  }
  std::unreachable();
}

bool is_machine_trouble(Cause cause) {
  switch (cause) {
    case Cause::none:
    case Cause::conflict:
    case Cause::no_account:
    case Cause::too_large:
      return false;
    case Cause::queue_full:
    case Cause::disk_full:
    case Cause::read_only:
    case Cause::io_error:
    case Cause::corrupt:
    case Cause::stopped:
      return true;
  }
  std::unreachable();
}

CommitResult refused(Cause cause, std::string sentence) {
  return CommitResult{Commit::refused, cause, std::move(sentence)};
}

std::optional<CommitResult> objection(const Batch& batch) {
  if (batch.aor.value.empty()) return refused(Cause::no_account, "A batch names no user.");
  if (batch.writes.size() > writes_in_batch_max || !fits(batch.aor.value))
    return refused(Cause::too_large, "A batch is larger than the store takes.");
  for (const Write& write : batch.writes) {
    if (!fits(write)) return refused(Cause::too_large, "A field is longer than the store takes.");
    const auto* put = std::get_if<PutAccount>(&write);
    if (put == nullptr) continue;
    if (put->account.aor != batch.aor)
      return refused(Cause::conflict, "An account's name is not the batch's.");
    if (names_one_twice(put->account.principals))
      return refused(Cause::conflict, "An account names a Kerberos principal twice.");
  }
  return std::nullopt;
}

}  // namespace kith::store
