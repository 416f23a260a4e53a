#pragma once

#include <cstdint>
#include <expected>
#include <optional>

#include "server/store/sqlite/connection.h"

namespace kith::store::sqlite {

/// The statements that bring a user out of the tables. Throws Failed.
class Rows {
 public:
  explicit Rows(Connection& connection);

  UserRecord load(const sip::Aor& aor);
  std::optional<Account> account(const sip::Aor& aor);
  std::optional<Account> account_of(std::string_view principal);
  std::vector<Account> accounts(const sip::Aor& after, std::size_t at_most);
  Counts counts();

 private:
  struct Found {
    std::int64_t user;
    Account account;
  };
  std::optional<Found> find(Statement& statement);
  Found read(Statement& statement);
  contacts::List list(std::int64_t user);
  std::vector<Binding> bindings(std::int64_t user);

  Statement by_aor_;
  Statement by_principal_;
  Statement after_;
  Statement principals_;
  Statement version_;
  Statement groups_;
  Statement contacts_;
  Statement bindings_;
  Statement counts_;
};

/// The statements that put writes into the tables, within a transaction. Throws Failed for what
/// SQLite refuses.
class RowWriter {
 public:
  explicit RowWriter(Connection& connection);

  /// Nothing when all of it is in the tables; else why not, and then the batch has to be undone.
  std::optional<CommitResult> put(const Batch& batch);

 private:
  using Objection = std::optional<CommitResult>;

  Objection put(const sip::Aor& aor, const Write& write);
  Objection put(std::int64_t user, const ListChange& write);
  Objection put(std::int64_t user, const ReplaceList& write);
  Objection put(std::int64_t user, const PutBinding& write);
  Objection put(const Account& account);
  Objection add(const Account& account);
  Objection change(const Account& account);
  void add_principals(std::int64_t user, const Account& account);
  bool take(std::int64_t user, const contacts::Change& change);
  void add(std::int64_t user, const contacts::Group& group);
  void add(std::int64_t user, const contacts::Contact& contact);
  std::optional<std::int64_t> user_of(const sip::Aor& aor);

  Connection& connection_;
  Statement user_;
  Statement add_user_;
  Statement change_user_;
  Statement delete_user_;
  Statement add_principal_;
  Statement clear_principals_;
  Statement add_list_;
  Statement step_list_;
  Statement raise_list_;
  Statement add_group_;
  Statement change_group_;
  Statement delete_group_;
  Statement clear_groups_;
  Statement add_contact_;
  Statement change_contact_;
  Statement delete_contact_;
  Statement clear_contacts_;
  Statement count_bindings_;
  Statement put_binding_;
  Statement delete_binding_;
};

}  // namespace kith::store::sqlite
