#include "server/store/sqlite/rows.h"

#include <sqlite3.h>

#include <charconv>
#include <utility>

#include "kith/base/overloaded.h"
#include "kith/base/text.h"
#include "server/store/limits.h"

namespace kith::store::sqlite {
namespace {

std::string text_of(const std::vector<contacts::GroupId>& groups) {
  std::string text;
  for (const contacts::GroupId id : groups) {
    if (!text.empty()) text += ' ';
    text += std::to_string(id.value);
  }
  return text;
}

Failed damaged(const std::string& what) { return {SQLITE_CORRUPT, what}; }

std::vector<contacts::GroupId> groups_of(std::string_view text) {
  std::vector<contacts::GroupId> groups;
  while (!text.empty()) {
    std::uint8_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{}) throw damaged("a contact's group ids are no numbers");
    groups.push_back(contacts::GroupId{id});
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.starts_with(' ')) text.remove_prefix(1);
  }
  return groups;
}

}  // namespace

#define KITH_USER_COLUMNS                                                                    \
  "SELECT u.id, u.aor, u.display_name, u.digest_realm, u.ha1_md5, u.ha1_sha256, u.nt_hash, " \
  "u.enabled, u.revision"

Rows::Rows(Connection& connection)
    : by_aor_(connection, KITH_USER_COLUMNS " FROM users AS u WHERE u.aor = ?"),
      by_principal_(connection, KITH_USER_COLUMNS
                    " FROM principals AS p JOIN users AS u ON u.id = p.user WHERE p.principal = ?"),
      after_(connection,
             KITH_USER_COLUMNS " FROM users AS u WHERE u.aor > ? ORDER BY u.aor LIMIT ?"),
      principals_(connection, "SELECT principal FROM principals WHERE user = ? ORDER BY place"),
      version_(connection, "SELECT version FROM lists WHERE user = ?"),
      groups_(connection, "SELECT id, name, external_uri FROM groups WHERE user = ? ORDER BY id"),
      contacts_(connection,
                "SELECT uri, name, groups, subscribed, external_uri, extension FROM contacts"
                " WHERE user = ? ORDER BY key"),
      bindings_(connection,
                "SELECT device, epid, instance, contact, call_id, cseq, expires_ns, flow,"
                " user_agent FROM bindings WHERE user = ? ORDER BY device"),
      counts_(connection,
              "SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM contacts),"
              " (SELECT count(*) FROM groups), (SELECT count(*) FROM bindings),"
              " (SELECT coalesce(sum(version), 0) FROM lists)") {}

#undef KITH_USER_COLUMNS

Rows::Found Rows::read(Statement& statement) {
  Found found{
      .user = statement.number(0),
      .account =
          Account{
              .aor = sip::Aor{statement.text(1)},
              .display_name = statement.text(2),
              .principals = {},
              .digest_realm = statement.text(3),
              .ha1_md5 = crypto::Secret{statement.text(4)},
              .ha1_sha256 = crypto::Secret{statement.text(5)},
              .nt_hash = crypto::Secret{statement.text(6)},
              .enabled = statement.number(7) != 0,
              .revision = static_cast<std::uint64_t>(statement.number(8)),
          },
  };
  principals_.with(found.user);
  while (principals_.next()) found.account.principals.push_back(principals_.text(0));
  return found;
}

std::optional<Rows::Found> Rows::find(Statement& statement) {
  if (!statement.next()) return std::nullopt;
  std::optional<Found> found = read(statement);
  statement.done();
  return found;
}

std::optional<Account> Rows::account(const sip::Aor& aor) {
  std::optional<Found> found = find(by_aor_.with(aor.value));
  if (!found) return std::nullopt;
  return std::move(found->account);
}

std::optional<Account> Rows::account_of(std::string_view principal) {
  std::optional<Found> found = find(by_principal_.with(principal));
  if (!found) return std::nullopt;
  return std::move(found->account);
}

std::vector<Account> Rows::accounts(const sip::Aor& after, std::size_t at_most) {
  const std::size_t count = std::min(at_most, accounts_in_page_max);
  std::vector<Account> accounts;
  after_.with(after.value, static_cast<std::int64_t>(count));
  while (after_.next()) accounts.push_back(read(after_).account);
  return accounts;
}

contacts::List Rows::list(std::int64_t user) {
  if (!version_.with(user).next()) throw damaged("a user has no list");
  const contacts::Version version{static_cast<std::uint32_t>(version_.number(0))};
  version_.done();

  std::vector<contacts::Group> groups;
  groups_.with(user);
  while (groups_.next()) {
    groups.push_back(contacts::Group{
        .id = contacts::GroupId{static_cast<std::uint8_t>(groups_.number(0))},
        .name = groups_.text(1),
        .external_uri = groups_.text(2),
    });
  }

  std::vector<contacts::Contact> entries;
  contacts_.with(user);
  while (contacts_.next()) {
    entries.push_back(contacts::Contact{
        .uri = contacts_.text(0),
        .name = contacts_.text(1),
        .groups = groups_of(contacts_.text(2)),
        .subscribed = contacts_.number(3) != 0,
        .external_uri = contacts_.text(4),
        .extension = contacts_.text(5),
    });
  }

  std::expected<contacts::List, contacts::Refusal> list =
      contacts::List::make(version, std::move(groups), std::move(entries));
  if (!list)
    throw damaged("a user's list is not whole: " + std::string{contacts::to_string(list.error())});
  return std::move(*list);
}

std::vector<Binding> Rows::bindings(std::int64_t user) {
  std::vector<Binding> bindings;
  bindings_.with(user);
  while (bindings_.next()) {
    bindings.push_back(Binding{
        .device = bindings_.text(0),
        .epid = bindings_.text(1),
        .instance = bindings_.text(2),
        .contact = bindings_.text(3),
        .call_id = bindings_.text(4),
        .cseq = static_cast<std::uint32_t>(bindings_.number(5)),
        .expires = Time{Duration{bindings_.number(6)}},
        .flow = bindings_.text(7),
        .user_agent = bindings_.text(8),
    });
  }
  return bindings;
}

UserRecord Rows::load(const sip::Aor& aor) {
  std::optional<Found> found = find(by_aor_.with(aor.value));
  if (!found) return {};
  return UserRecord{
      .account = std::move(found->account),
      .list = list(found->user),
      .bindings = bindings(found->user),
  };
}

Counts Rows::counts() {
  Counts counts;
  if (counts_.next()) {
    counts = Counts{
        .accounts = static_cast<std::uint64_t>(counts_.number(0)),
        .contacts = static_cast<std::uint64_t>(counts_.number(1)),
        .groups = static_cast<std::uint64_t>(counts_.number(2)),
        .bindings = static_cast<std::uint64_t>(counts_.number(3)),
        .list_versions = static_cast<std::uint64_t>(counts_.number(4)),
    };
  }
  counts_.done();
  return counts;
}

RowWriter::RowWriter(Connection& connection)
    : connection_(connection),
      user_(connection, "SELECT id FROM users WHERE aor = ?"),
      add_user_(connection,
                "INSERT INTO users (aor, display_name, digest_realm, ha1_md5, ha1_sha256, nt_hash,"
                " enabled, revision) VALUES (?, ?, ?, ?, ?, ?, ?, 1)"),
      change_user_(connection,
                   "UPDATE users SET display_name = ?, digest_realm = ?, ha1_md5 = ?,"
                   " ha1_sha256 = ?, nt_hash = ?, enabled = ?, revision = revision + 1"
                   " WHERE id = ? AND revision = ?"),
      delete_user_(connection, "DELETE FROM users WHERE id = ?"),
      add_principal_(connection,
                     "INSERT INTO principals (principal, user, place) VALUES (?, ?, ?)"),
      clear_principals_(connection, "DELETE FROM principals WHERE user = ?"),
      add_list_(connection, "INSERT INTO lists (user, version) VALUES (?, ?)"),
      step_list_(connection, "UPDATE lists SET version = ? WHERE user = ? AND version = ?"),
      raise_list_(connection, "UPDATE lists SET version = ?1 WHERE user = ?2 AND version < ?1"),
      add_group_(connection,
                 "INSERT INTO groups (user, id, name, external_uri) VALUES (?, ?, ?, ?)"),
      change_group_(connection,
                    "UPDATE groups SET name = ?, external_uri = ? WHERE user = ? AND id = ?"),
      delete_group_(connection, "DELETE FROM groups WHERE user = ? AND id = ?"),
      clear_groups_(connection, "DELETE FROM groups WHERE user = ?"),
      add_contact_(connection,
                   "INSERT INTO contacts (user, key, uri, name, groups, subscribed, external_uri,"
                   " extension) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
      change_contact_(connection,
                      "UPDATE contacts SET uri = ?, name = ?, groups = ?, subscribed = ?,"
                      " external_uri = ?, extension = ? WHERE user = ? AND key = ?"),
      delete_contact_(connection, "DELETE FROM contacts WHERE user = ? AND key = ?"),
      clear_contacts_(connection, "DELETE FROM contacts WHERE user = ?"),
      count_bindings_(connection, "SELECT count(*) FROM bindings WHERE user = ? AND device <> ?"),
      put_binding_(connection,
                   "INSERT OR REPLACE INTO bindings (user, device, epid, instance, contact,"
                   " call_id, cseq, expires_ns, flow, user_agent)"
                   " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      delete_binding_(connection, "DELETE FROM bindings WHERE user = ? AND device = ?") {}

std::optional<CommitResult> RowWriter::put(const Batch& batch) {
  for (const Write& write : batch.writes)
    if (Objection objection = put(batch.aor, write)) return objection;
  return std::nullopt;
}

std::optional<std::int64_t> RowWriter::user_of(const sip::Aor& aor) {
  if (!user_.with(aor.value).next()) return std::nullopt;
  const std::int64_t user = user_.number(0);
  user_.done();
  return user;
}

RowWriter::Objection RowWriter::put(const sip::Aor& aor, const Write& write) {
  if (const auto* account = std::get_if<PutAccount>(&write)) return put(account->account);
  const std::optional<std::int64_t> user = user_of(aor);
  if (!user) return refused(Cause::no_account, "There is no account " + aor.value + ".");
  return std::visit(Overloaded{
                        [&](const ListChange& change) { return put(*user, change); },
                        [&](const ReplaceList& replace) { return put(*user, replace); },
                        [&](const PutBinding& binding) { return put(*user, binding); },
                        [&](const RemoveBinding& remove) {
                          delete_binding_.with(*user, remove.device).run();
                          return Objection{};
                        },
                        [&](const PutAccount&) { return Objection{}; },
                        [&](const RemoveAccount&) {
                          delete_user_.with(*user).run();
                          return Objection{};
                        },
                    },
                    write);
}

RowWriter::Objection RowWriter::put(std::int64_t user, const ListChange& write) {
  const auto from = static_cast<std::int64_t>(write.delta.from.value);
  const auto to = static_cast<std::int64_t>(write.delta.to.value);
  step_list_.with(to, user, from).run();
  if (connection_.changes() != 1)
    return refused(Cause::conflict,
                   "The stored list is not at version " + std::to_string(from) + ".");
  for (const contacts::Change& change : write.delta.changes)
    if (!take(user, change))
      return refused(Cause::conflict, "A step from version " + std::to_string(from) +
                                          " does not fit the stored list.");
  return std::nullopt;
}

bool RowWriter::take(std::int64_t user, const contacts::Change& change) {
  std::visit(Overloaded{
                 [&](const contacts::AddedGroup& added) { add(user, added.group); },
                 [&](const contacts::ModifiedGroup& modified) {
                   const contacts::Group& group = modified.group;
                   const auto id = static_cast<std::int64_t>(group.id.value);
                   change_group_.with(group.name, group.external_uri, user, id).run();
                 },
                 [&](const contacts::AddedContact& added) { add(user, added.contact); },
                 [&](const contacts::ModifiedContact& modified) {
                   const contacts::Contact& contact = modified.contact;
                   change_contact_
                       .with(contact.uri, contact.name, text_of(contact.groups),
                             static_cast<std::int64_t>(contact.subscribed), contact.external_uri,
                             contact.extension, user, to_lower(contact.uri))
                       .run();
                 },
                 [&](const contacts::DeletedGroup& deleted) {
                   delete_group_.with(user, static_cast<std::int64_t>(deleted.id.value)).run();
                 },
                 [&](const contacts::DeletedContact& deleted) {
                   delete_contact_.with(user, to_lower(deleted.uri)).run();
                 },
             },
             change);
  return connection_.changes() == 1;
}

void RowWriter::add(std::int64_t user, const contacts::Group& group) {
  const auto id = static_cast<std::int64_t>(group.id.value);
  add_group_.with(user, id, group.name, group.external_uri).run();
}

void RowWriter::add(std::int64_t user, const contacts::Contact& contact) {
  add_contact_
      .with(user, to_lower(contact.uri), contact.uri, contact.name, text_of(contact.groups),
            static_cast<std::int64_t>(contact.subscribed), contact.external_uri, contact.extension)
      .run();
}

RowWriter::Objection RowWriter::put(std::int64_t user, const ReplaceList& write) {
  raise_list_.with(static_cast<std::int64_t>(write.list.version().value), user).run();
  if (connection_.changes() != 1)
    return refused(Cause::conflict, "The stored list's version is not below the new one's.");
  clear_contacts_.with(user).run();
  clear_groups_.with(user).run();
  for (const contacts::Group& group : write.list.groups()) add(user, group);
  for (const contacts::Contact& contact : write.list.contacts()) add(user, contact);
  return std::nullopt;
}

RowWriter::Objection RowWriter::put(std::int64_t user, const PutBinding& write) {
  const Binding& binding = write.binding;
  count_bindings_.with(user, binding.device).next();
  const auto others = static_cast<std::size_t>(count_bindings_.number(0));
  count_bindings_.done();
  if (others >= bindings_per_user_max)
    return refused(Cause::too_large, "The user has too many bindings.");
  put_binding_
      .with(user, binding.device, binding.epid, binding.instance, binding.contact, binding.call_id,
            static_cast<std::int64_t>(binding.cseq),
            static_cast<std::int64_t>(binding.expires.time_since_epoch().count()), binding.flow,
            binding.user_agent)
      .run();
  return std::nullopt;
}

RowWriter::Objection RowWriter::put(const Account& account) {
  try {
    return account.revision == 0 ? add(account) : change(account);
  } catch (const Failed& failed) {
    if (!failed.is_constraint()) throw;
    return refused(Cause::conflict, "The account " + account.aor.value +
                                        " exists already, or one of its Kerberos principals "
                                        "belongs to another account.");
  }
}

RowWriter::Objection RowWriter::add(const Account& account) {
  add_user_
      .with(account.aor.value, account.display_name, account.digest_realm, account.ha1_md5.reveal(),
            account.ha1_sha256.reveal(), account.nt_hash.reveal(),
            static_cast<std::int64_t>(account.enabled))
      .run();
  const std::int64_t user = connection_.last_row();
  add_principals(user, account);
  const contacts::List empty;
  add_list_.with(user, static_cast<std::int64_t>(empty.version().value)).run();
  for (const contacts::Group& group : empty.groups()) add(user, group);
  return std::nullopt;
}

RowWriter::Objection RowWriter::change(const Account& account) {
  const std::optional<std::int64_t> user = user_of(account.aor);
  if (!user) return refused(Cause::no_account, "There is no account " + account.aor.value + ".");
  change_user_
      .with(account.display_name, account.digest_realm, account.ha1_md5.reveal(),
            account.ha1_sha256.reveal(), account.nt_hash.reveal(),
            static_cast<std::int64_t>(account.enabled), *user,
            static_cast<std::int64_t>(account.revision))
      .run();
  if (connection_.changes() != 1)
    return refused(Cause::conflict, "The account was changed by somebody else meanwhile.");
  clear_principals_.with(*user).run();
  add_principals(*user, account);
  return std::nullopt;
}

void RowWriter::add_principals(std::int64_t user, const Account& account) {
  std::int64_t place = 0;
  for (const std::string& principal : account.principals)
    add_principal_.with(principal, user, place++).run();
}

}  // namespace kith::store::sqlite
