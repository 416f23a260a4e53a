#pragma once

#include <cstdint>
#include <exception>
#include <filesystem>
#include <string>
#include <string_view>

#include "server/store/store.h"

struct sqlite3;
struct sqlite3_stmt;

/// SQLite behind two types. Its errors are thrown as Failed and caught at the doors of this folder:
/// commit, the readers' functions, open, backup and restore.
namespace kith::store::sqlite {

/// SQLite's answer to a statement that did not work.
class Failed : public std::exception {
 public:
  /// Of the connection's last call.
  explicit Failed(sqlite3* database);
  Failed(int code, std::string message) : code_(code), message_(std::move(message)) {}

  int code() const { return code_; }  // SQLite's extended result code
  const char* what() const noexcept override { return message_.c_str(); }
  bool is_constraint() const;
  Cause cause() const;
  /// For the log and for a person: what it means and what to do about it.
  std::string sentence() const;

 private:
  int code_;
  std::string message_;
};

enum class Access {
  read_write,
  query_only,  // written to by others meanwhile
  create,      // the file is made if there is none
  file,        // a database file at rest that nobody writes: read only, without our VFS
};

/// One connection, for one thread at a time.
class Connection {
 public:
  Connection(const std::filesystem::path& database, const std::string& vfs, Access access);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// One or more statements whose rows nobody wants.
  void run(const std::string& sql);
  /// The first column of the first row.
  std::int64_t number(const std::string& sql);
  std::string text(const std::string& sql);

  bool in_transaction() const;
  /// Rows that the last statement inserted, changed or deleted, cascades apart.
  std::int64_t changes() const;
  std::int64_t last_row() const;
  /// Pages that were to be written to the disk since this was asked last, also where it failed.
  std::uint64_t pages_written();
  sqlite3* handle() { return database_; }

 private:
  sqlite3* database_ = nullptr;
};

/// A prepared statement, kept for the connection's life. Parameters are bound in order.
class Statement {
 public:
  Statement(Connection& connection, std::string_view sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  /// A run of the statement with these parameters; the rows are then read with next(). Text must
  /// outlive the run, which ends with the last row, with done(), or where the next one starts.
  template <class... Values>
  Statement& with(const Values&... values) {
    done();
    int place = 0;
    (bind(++place, values), ...);
    return *this;
  }

  /// True: there is a row.
  bool next();
  void done() noexcept;
  /// For what has no rows: next() and done().
  void run();

  std::int64_t number(int column) const;
  std::string text(int column) const;

 private:
  void bind(int place, std::int64_t value);
  void bind(int place, std::string_view value);
  void bind(int place, const char* value) { bind(place, std::string_view{value}); }
  void bind(int place, const std::string& value) { bind(place, std::string_view{value}); }

  sqlite3* database_;
  sqlite3_stmt* statement_ = nullptr;
};

/// A transaction that only reads: everything within it is as of one moment.
class Snapshot {
 public:
  explicit Snapshot(Connection& connection) : connection_(connection) { connection_.run("BEGIN"); }
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Connection& connection_;
};

}  // namespace kith::store::sqlite
