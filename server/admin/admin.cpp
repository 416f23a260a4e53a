#include "server/admin/admin.h"

#include <algorithm>
#include <array>
#include <expected>
#include <utility>

#include "kith/auth/scheme/digest.h"
#include "kith/auth/scheme/ntlm/keys.h"
#include "kith/base/text.h"
#include "kith/net/clock.h"
#include "kith/sip/uri.h"
#include "server/admin/limits.h"
#include "server/admin/report.h"

namespace kith::admin {

namespace {

/// "alice@example.com" or "sip:alice@example.com".
std::expected<sip::Aor, Answer> address(const std::string& user) {
  const std::string text = user.contains(':') ? user : "sip:" + user;
  if (const auto uri = sip::UriView::parse(text, Mode::strict))
    if (std::optional<sip::Aor> aor = sip::address_of_record(*uri)) return *std::move(aor);
  return std::unexpected(
      say(Code::usage, "\"" + user + "\" is no address of record; write it as alice@example.com"));
}

std::optional<std::string> objection(const crypto::Secret& password) {
  if (password.empty()) return "the password is empty; choose another";
  if (password.reveal().size() > limits::password_bytes_max)
    return "the password is longer than " + std::to_string(limits::password_bytes_max) + " bytes";
  return std::nullopt;
}

std::optional<std::string> objection(const std::vector<std::string>& principals) {
  for (const std::string& each : principals) {
    const std::size_t at = each.find('@');
    if (at == 0 || at == std::string::npos || at + 1 == each.size())
      return "\"" + each + "\" is no Kerberos principal; write it with its realm, as in " +
             "alice@EXAMPLE.COM";
  }
  return std::nullopt;
}

/// Behind "added …": that it is of no use yet.
std::string unusable(const AdminSettings& settings, bool has_password, bool has_principal) {
  std::string text;
  if (has_password && !settings.digest && !settings.ntlm)
    text += "; but auth.digest is false: nobody can sign in with a password";
  if (has_principal && !settings.kerberos)
    text += "; but auth.kerberos is false: nobody can sign in with a ticket";
  return text;
}

Answer trouble(const store::Trouble& trouble) { return say(Code::failed, trouble.sentence); }

}  // namespace

AdminSettings settings_of(const config::Config& config) {
  return {.domains = config.server.domains,
          .digest_realm = config.auth.digest_realm,
          .kerberos = config.auth.kerberos,
          .digest = config.auth.digest,
          .ntlm = config.auth.ntlm};
}

Answer Admin::run(const Request& request) {
  struct Command {
    std::string_view name;
    Answer (Admin::*run)(const Request&);
  };
  static constexpr std::array commands{
      Command{"user add", &Admin::user_add},
      Command{"user list", &Admin::user_list},
      Command{"user passwd", &Admin::user_passwd},
      Command{"user remove", &Admin::user_remove},
      Command{"user enable", &Admin::user_enable},
      Command{"user disable", &Admin::user_disable},
      Command{"user principal add", &Admin::user_principal_add},
      Command{"user principal remove", &Admin::user_principal_remove},
      Command{"user devices", &Admin::user_devices},
      Command{"contacts", &Admin::contacts},
      Command{"status", &Admin::status},
      Command{"backup", &Admin::backup},
      Command{"check", &Admin::check},
      Command{"drain", &Admin::drain},
  };
  const auto command = std::ranges::find(commands, request.command, &Command::name);
  if (command == commands.end())
    return say(Code::usage, "unknown command \"" + request.command +
                                "\"; kithctl and kithd should be of one version");
  return (this->*command->run)(request);
}

std::expected<store::Account, Answer> Admin::existing(const std::string& user) {
  const std::expected<sip::Aor, Answer> aor = address(user);
  if (!aor) return std::unexpected(aor.error());
  const auto reader = store_.reader();
  if (!reader) return std::unexpected(trouble(reader.error()));
  std::expected<std::optional<store::Account>, store::Trouble> account = (*reader)->account(*aor);
  if (!account) return std::unexpected(trouble(account.error()));
  if (!*account)
    return std::unexpected(
        say(Code::no, "there is no user " + aor->value + "; kithctl user list shows who there is"));
  return **std::move(account);
}

Answer Admin::change(const sip::Aor& aor, store::Write write, std::string done) {
  const std::array batches{store::Batch{.aor = aor, .writes = {std::move(write)}}};
  const store::CommitResult result = store_.commit(batches).front();
  switch (result.how) {
    case store::Commit::done:
      if (running_) running_->account_changed(aor);
      return say(Code::done, std::move(done));
    case store::Commit::unknown:
      if (running_) running_->halt(result.sentence);
      return say(Code::failed, "it is not known whether this was stored: " + result.sentence +
                                   "; look with kithctl user list");
    case store::Commit::refused:
      break;
  }
  return say(store::is_machine_trouble(result.cause) ? Code::failed : Code::no, result.sentence);
}

std::optional<Answer> Admin::taken(const sip::Aor& aor,
                                   const std::vector<std::string>& principals) {
  const auto reader = store_.reader();
  if (!reader) return trouble(reader.error());
  if (const auto known = (*reader)->account(aor); known && *known)
    return say(Code::no, aor.value + " exists already; kithctl user list shows who there is");
  for (const std::string& each : principals)
    if (const auto owner = (*reader)->account_of(each); owner && *owner)
      return say(Code::no, "the principal " + each + " belongs to " + (*owner)->aor.value +
                               "; take it away there first");
  return std::nullopt;
}

void Admin::set_password(store::Account& account, const crypto::Secret& password) const {
  const std::string& username = account.aor.value;
  account.digest_realm = settings_.digest_realm;
  account.ha1_md5 =
      auth::digest_ha1(auth::DigestAlgorithm::md5, username, account.digest_realm, password);
  account.ha1_sha256 =
      auth::digest_ha1(auth::DigestAlgorithm::sha256, username, account.digest_realm, password);
  const std::optional<crypto::Secret> hash =
      settings_.ntlm ? auth::ntlm::nt_hash(password) : std::nullopt;
  account.nt_hash = hash ? crypto::Secret(to_hex(as_bytes(hash->reveal()))) : crypto::Secret();
}

Answer Admin::user_add(const Request& request) {
  const std::expected<sip::Aor, Answer> aor = address(request.user);
  if (!aor) return aor.error();
  const std::string domain = aor->value.substr(aor->value.rfind('@') + 1);
  if (std::ranges::find(settings_.domains, domain) == settings_.domains.end())
    return say(Code::no, domain + " is not a domain of this server; add it to server.domains");
  if (request.principals.empty() && !request.password)
    return say(Code::usage, "give a Kerberos principal, a password or both, or " + aor->value +
                                " cannot sign in");
  if (const auto no = objection(request.principals)) return say(Code::usage, *no);
  store::Account account{.aor = *aor,
                         .display_name = request.name,
                         .principals = request.principals,
                         .digest_realm = {},
                         .ha1_md5 = {},
                         .ha1_sha256 = {}};
  if (request.password) {
    if (const auto no = objection(*request.password)) return say(Code::usage, *no);
    set_password(account, *request.password);
  }
  if (std::optional<Answer> no = taken(*aor, request.principals)) return *std::move(no);
  const std::string but =
      unusable(settings_, request.password.has_value(), !request.principals.empty());
  return change(*aor, store::PutAccount{std::move(account)}, "added " + aor->value + but);
}

Answer Admin::user_passwd(const Request& request) {
  if (!request.password) return say(Code::usage, "give the new password");
  if (const auto no = objection(*request.password)) return say(Code::usage, *no);
  std::expected<store::Account, Answer> account = existing(request.user);
  if (!account) return account.error();
  set_password(*account, *request.password);
  const sip::Aor aor = account->aor;
  return change(aor, store::PutAccount{*std::move(account)},
                "changed the password of " + aor.value + "; its devices sign in again" +
                    unusable(settings_, true, false));
}

Answer Admin::set_enabled(const Request& request, bool enabled) {
  std::expected<store::Account, Answer> account = existing(request.user);
  if (!account) return account.error();
  account->enabled = enabled;
  const sip::Aor aor = account->aor;
  return change(aor, store::PutAccount{*std::move(account)},
                (enabled ? "enabled " : "disabled ") + aor.value);
}

Answer Admin::user_enable(const Request& request) { return set_enabled(request, true); }
Answer Admin::user_disable(const Request& request) { return set_enabled(request, false); }

Answer Admin::user_principal_add(const Request& request) {
  if (request.principals.empty()) return say(Code::usage, "give a Kerberos principal");
  if (const auto no = objection(request.principals)) return say(Code::usage, *no);
  std::expected<store::Account, Answer> account = existing(request.user);
  if (!account) return account.error();
  const sip::Aor aor = account->aor;
  std::vector<std::string>& principals = account->principals;
  for (const std::string& each : request.principals) {
    if (std::ranges::find(principals, each) != principals.end())
      return say(Code::no, each + " signs in to " + aor.value + " already");
    principals.push_back(each);
  }
  if (std::optional<Answer> no = taken({}, request.principals)) return *std::move(no);
  return change(aor, store::PutAccount{*std::move(account)},
                joined(request.principals, ", ") + " can sign in to " + aor.value +
                    unusable(settings_, false, true));
}

Answer Admin::user_principal_remove(const Request& request) {
  if (request.principals.empty()) return say(Code::usage, "give a Kerberos principal");
  std::expected<store::Account, Answer> account = existing(request.user);
  if (!account) return account.error();
  const sip::Aor aor = account->aor;
  for (const std::string& each : request.principals)
    if (std::erase(account->principals, each) == 0)
      return say(Code::no, each + " is no principal of " + aor.value +
                               "; kithctl user list shows which there are");
  if (account->principals.empty() && account->ha1_md5.empty() && account->ha1_sha256.empty())
    return say(Code::no, "nobody could sign in to " + aor.value +
                             " any more; add another principal or set a password first, or " +
                             "disable the account");
  return change(aor, store::PutAccount{*std::move(account)},
                joined(request.principals, ", ") + " can no longer sign in to " + aor.value);
}

Answer Admin::user_remove(const Request& request) {
  const std::expected<store::Account, Answer> account = existing(request.user);
  if (!account) return account.error();
  return change(account->aor, store::RemoveAccount{},
                "removed " + account->aor.value + " with its contact list");
}

Answer Admin::user_list(const Request& /*request*/) {
  const auto reader = store_.reader();
  if (!reader) return trouble(reader.error());
  std::vector<store::Account> all;
  while (true) {
    auto page =
        (*reader)->accounts(all.empty() ? sip::Aor{} : all.back().aor, store::accounts_in_page_max);
    if (!page) return trouble(page.error());
    if (page->empty()) break;
    std::ranges::move(*page, std::back_inserter(all));
  }
  return report(all, settings_.digest_realm);
}

std::optional<service::UserView> Admin::in_memory(const sip::Aor& aor) const {
  if (!running_) return std::nullopt;
  std::optional<service::UserView> user = running_->user(aor);
  return user && user->known ? std::move(user) : std::nullopt;
}

Answer Admin::user_devices(const Request& request) {
  const std::expected<store::Account, Answer> account = existing(request.user);
  if (!account) return account.error();
  std::vector<service::Device> devices;
  if (auto user = in_memory(account->aor)) {
    devices = std::move(user->devices);
  } else {
    const auto reader = store_.reader();
    if (!reader) return trouble(reader.error());
    auto record = (*reader)->load(account->aor);
    if (!record) return trouble(record.error());
    for (store::Binding& binding : record->bindings)
      devices.push_back({.binding = std::move(binding), .flow = {}});
  }
  return report(account->aor, devices, net::UtcClock::read().now());
}

Answer Admin::contacts(const Request& request) {
  const std::expected<store::Account, Answer> account = existing(request.user);
  if (!account) return account.error();
  if (const auto user = in_memory(account->aor)) return report(account->aor, user->list, &*user);
  const auto reader = store_.reader();
  if (!reader) return trouble(reader.error());
  const auto record = (*reader)->load(account->aor);
  if (!record) return trouble(record.error());
  return report(account->aor, record->list, nullptr);
}

Answer Admin::status(const Request& /*request*/) {
  std::optional<ServerStatus> server;
  if (running_) server = running_->status();
  std::expected<store::Counts, store::Trouble> counts;
  if (const auto reader = store_.reader())
    counts = (*reader)->counts();
  else
    counts = std::unexpected(reader.error());
  return report(server, store_.health(), counts);
}

Answer Admin::backup(const Request& request) {
  if (!request.file.starts_with('/'))
    return say(Code::usage, "name the file of the backup by its whole path");
  const auto counts = store_.backup(request.file);
  if (!counts)
    return say(counts.error().cause == store::Cause::conflict ? Code::no : Code::failed,
               counts.error().sentence);
  return report(*counts, "wrote and verified " + request.file);
}

Answer Admin::check(const Request& /*request*/) {
  const auto reader = store_.reader();
  if (!reader) return trouble(reader.error());
  if (const auto checked = (*reader)->check(); !checked) return trouble(checked.error());
  return say(Code::done, "all of the database can be read, and fits together");
}

Answer Admin::drain(const Request& /*request*/) {
  if (!running_) return say(Code::no, "no server is running");
  running_->drain();
  return say(Code::done, "draining");
}

}  // namespace kith::admin
