#include "server/store/sqlite/connection.h"

#include <sqlite3.h>

#include <cerrno>
#include <system_error>

namespace kith::store::sqlite {
namespace {

constexpr int busy_timeout_ms = 5000;

constexpr int primary(int code) { return code & 0xFF; }

/// The machine's error number. SQLite keeps that of a failed commit with the log's file only.
int system_error(sqlite3* database) {
  int error = sqlite3_system_errno(database);
  sqlite3_file* log = nullptr;
  if (error == 0 &&
      sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK &&
      log != nullptr && log->pMethods != nullptr)
    log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &error);
  return error;
}

int code_of(sqlite3* database) {
  const int code = sqlite3_extended_errcode(database);
  // A disk that was remounted read-only, which SQLite does not tell from a broken one.
  const bool is_read_only = primary(code) == SQLITE_IOERR && system_error(database) == EROFS;
  return is_read_only ? SQLITE_READONLY : code;
}

std::string describe(sqlite3* database) {
  std::string message = sqlite3_errmsg(database);
  const int error = system_error(database);
  if (primary(sqlite3_extended_errcode(database)) == SQLITE_IOERR && error != 0)
    message += " (" + std::generic_category().message(error) + ")";
  return message;
}

}  // namespace

Failed::Failed(sqlite3* database) : code_(code_of(database)), message_(describe(database)) {}

bool Failed::is_constraint() const { return primary(code_) == SQLITE_CONSTRAINT; }

Cause Failed::cause() const {
  switch (primary(code_)) {
    case SQLITE_FULL:
      return Cause::disk_full;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return Cause::read_only;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Cause::corrupt;
    case SQLITE_CONSTRAINT:
      return Cause::conflict;
    default:
      return Cause::io_error;
  }
}

std::string Failed::sentence() const {
  switch (cause()) {
    case Cause::disk_full:
      return "The disk of the database is full: make room, no restart is needed.";
    case Cause::read_only:
      return "The database cannot be written to: make its file, folder and disk writable for this "
             "user, no restart is needed.";
    case Cause::corrupt:
      return "The database is damaged (" + message_ + "): stop the server and restore a backup.";
    default:
      return "The database answered \"" + message_ + "\".";
  }
}

Connection::Connection(const std::filesystem::path& database, const std::string& vfs,
                       Access access) {
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  flags |= access == Access::file ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (access == Access::create) flags |= SQLITE_OPEN_CREATE;
  const int code =
      sqlite3_open_v2(database.c_str(), &database_, flags, vfs.empty() ? nullptr : vfs.c_str());
  if (code != SQLITE_OK) {
    const Failed failed =
        database_ == nullptr ? Failed(code, "no memory for a connection") : Failed(database_);
    sqlite3_close(database_);
    throw failed;
  }
  sqlite3_busy_timeout(database_, busy_timeout_ms);
  if (access == Access::query_only) run("PRAGMA query_only = ON");
}

Connection::~Connection() { sqlite3_close_v2(database_); }

void Connection::run(const std::string& sql) {
  if (sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    throw Failed(database_);
}

std::int64_t Connection::number(const std::string& sql) {
  Statement statement(*this, sql);
  return statement.next() ? statement.number(0) : 0;
}

std::string Connection::text(const std::string& sql) {
  Statement statement(*this, sql);
  return statement.next() ? statement.text(0) : std::string{};
}

bool Connection::in_transaction() const { return sqlite3_get_autocommit(database_) == 0; }

std::int64_t Connection::changes() const { return sqlite3_changes64(database_); }

std::int64_t Connection::last_row() const { return sqlite3_last_insert_rowid(database_); }

std::uint64_t Connection::pages_written() {
  int now = 0;
  int most = 0;
  sqlite3_db_status(database_, SQLITE_DBSTATUS_CACHE_WRITE, &now, &most, 1);
  return static_cast<std::uint64_t>(now);
}

Statement::Statement(Connection& connection, std::string_view sql)
    : database_(connection.handle()) {
  if (sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement_, nullptr) != SQLITE_OK)
    throw Failed(database_);
}

Statement::~Statement() { sqlite3_finalize(statement_); }

bool Statement::next() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) {
    const Failed failed(database_);
    done();
    throw failed;
  }
  done();
  return false;
}

void Statement::done() noexcept { sqlite3_reset(statement_); }

void Statement::run() {
  while (next()) {
  }
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string Statement::text(int column) const {
  const unsigned char* bytes = sqlite3_column_text(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  if (bytes == nullptr) return {};
  return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

void Statement::bind(int place, std::int64_t value) {
  if (sqlite3_bind_int64(statement_, place, value) != SQLITE_OK) throw Failed(database_);
}

void Statement::bind(int place, std::string_view value) {
  // Not copied: with() says how long it has to live. An empty view may have no address, which
  // SQLite would take for NULL.
  const char* data = value.data() == nullptr ? "" : value.data();
  if (sqlite3_bind_text64(statement_, place, data, value.size(), SQLITE_STATIC, SQLITE_UTF8) !=
      SQLITE_OK)
    throw Failed(database_);
}

Snapshot::~Snapshot() {
  // Nothing was written, so nothing can be lost; a connection in trouble says so at its next use.
  sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

}  // namespace kith::store::sqlite
