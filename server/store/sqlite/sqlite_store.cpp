#include "server/store/sqlite/sqlite_store.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <mutex>
#include <system_error>
#include <utility>

#include "server/store/sqlite/backup.h"
#include "server/store/sqlite/checkpointer.h"
#include "server/store/sqlite/connection.h"
#include "server/store/sqlite/lock_file.h"
#include "server/store/sqlite/probe.h"
#include "server/store/sqlite/rows.h"
#include "server/store/sqlite/schema.h"

namespace kith::store::sqlite {
namespace {

constexpr int frame_header_bytes = 24;  // of the write-ahead log, before each page
constexpr int cache_kib = 65'536;       // pages of the lists that are written again and again

std::string vfs_of(const Config& config) { return config.vfs.empty() ? "unix-excl" : config.vfs; }

Trouble trouble_of(const Failed& failed) { return Trouble{failed.cause(), failed.sentence()}; }

std::uint64_t size_of(const std::filesystem::path& file) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  return error ? 0 : size;
}

class SqliteReader final : public Reader {
 public:
  SqliteReader(const std::filesystem::path& database, const std::string& vfs)
      : connection_(database, vfs, Access::query_only), rows_(connection_) {}

  std::expected<UserRecord, Trouble> load(const sip::Aor& aor) override {
    return read<UserRecord>([&] { return rows_.load(aor); });
  }
  std::expected<std::optional<Account>, Trouble> account(const sip::Aor& aor) override {
    return read<std::optional<Account>>([&] { return rows_.account(aor); });
  }
  std::expected<std::optional<Account>, Trouble> account_of(std::string_view principal) override {
    return read<std::optional<Account>>([&] { return rows_.account_of(principal); });
  }
  std::expected<std::vector<Account>, Trouble> accounts(const sip::Aor& after,
                                                        std::size_t at_most) override {
    return read<std::vector<Account>>([&] { return rows_.accounts(after, at_most); });
  }
  std::expected<Counts, Trouble> counts() override {
    return read<Counts>([&] { return rows_.counts(); });
  }
  std::expected<void, Trouble> check() override {
    return read<void>([&]() -> std::expected<void, Trouble> {
      std::string found = connection_.text("PRAGMA quick_check(1)");
      std::ranges::replace(found, '\n', ' ');
      if (found != "ok") throw Failed(SQLITE_CORRUPT, std::move(found));
      if (!connection_.text("PRAGMA foreign_key_check").empty())
        throw Failed(SQLITE_CORRUPT, "rows of users who do not exist");
      return {};
    });
  }

 private:
  template <class T, class Query>
  std::expected<T, Trouble> read(Query query) {
    try {
      const Snapshot snapshot(connection_);
      return query();
    } catch (const Failed& failed) {
      return std::unexpected(trouble_of(failed));
    }
  }

  Connection connection_;
  Rows rows_;
};

/// The connection that writes, set up before a statement is prepared on it.
struct WriterConnection : Connection {
  WriterConnection(const Config& config, Synchronous synchronous)
      : Connection(config.database, vfs_of(config), Access::create) {
    run("PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0; PRAGMA temp_store = MEMORY;"
        "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;");
    run(synchronous == Synchronous::full ? "PRAGMA synchronous = FULL"
                                         : "PRAGMA synchronous = OFF");
    run("PRAGMA cache_size = -" + std::to_string(cache_kib));
    number("PRAGMA journal_size_limit = " + std::to_string(config.log_bytes_max));
  }
};

class SqliteStore final : public Store {
 public:
  SqliteStore(const Config& config, LockFile lock, std::unique_ptr<WriterConnection> connection)
      : config_(config),
        lock_(std::move(lock)),
        connection_(std::move(connection)),
        rows_(*connection_),
        begin_(*connection_, "BEGIN IMMEDIATE"),
        commit_(*connection_, "COMMIT"),
        rollback_(*connection_, "ROLLBACK"),
        savepoint_(*connection_, "SAVEPOINT batch"),
        release_(*connection_, "RELEASE batch"),
        undo_(*connection_, "ROLLBACK TO batch"),
        page_bytes_(static_cast<std::uint64_t>(connection_->number("PRAGMA page_size"))),
        checkpointer_(config, vfs_of(config)) {
    sqlite3_wal_hook(
        connection_->handle(),
        [](void* store, sqlite3*, const char*, int frames) {
          static_cast<SqliteStore*>(store)->log_frames_ = static_cast<std::uint64_t>(frames);
          return SQLITE_OK;
        },
        this);
  }

  std::expected<std::unique_ptr<Reader>, Trouble> reader() override {
    try {
      return std::make_unique<SqliteReader>(config_.database, vfs_of(config_));
    } catch (const Failed& failed) {
      return std::unexpected(trouble_of(failed));
    }
  }

  std::vector<CommitResult> commit(std::span<const Batch> batches) override;
  Health health() const override;

  std::expected<Counts, Trouble> backup(const std::filesystem::path& file) override {
    return back_up(config_.database, vfs_of(config_), file);
  }

 private:
  CommitResult put(const Batch& batch);
  CommitResult finish(bool anything_written);
  void abandon() noexcept;
  void set_health(const CommitResult& result, std::uint64_t pages);

  const Config config_;
  LockFile lock_;
  std::unique_ptr<WriterConnection> connection_;
  RowWriter rows_;
  Statement begin_;
  Statement commit_;
  Statement rollback_;
  Statement savepoint_;
  Statement release_;
  Statement undo_;
  const std::uint64_t page_bytes_;
  std::uint64_t log_frames_ = 0;
  bool stopped_ = false;
  Checkpointer checkpointer_;

  mutable std::mutex health_mutex_;
  Health health_;
  std::uint64_t refused_pages_ = 0;  // of the largest commit refused since the last that fitted
};

/// What may be said of a COMMIT that failed. Before the last byte of the log is written the
/// transaction does not exist; an error from then on (the sync above all) leaves that open.
Commit ending_of(const Failed& failed) {
  switch (failed.code()) {
    case SQLITE_IOERR_WRITE:
      return Commit::refused;
    default:
      break;
  }
  switch (failed.code() & 0xFF) {
    case SQLITE_FULL:
    case SQLITE_READONLY:
    case SQLITE_BUSY:
      return Commit::refused;
    default:
      return Commit::unknown;
  }
}

void SqliteStore::abandon() noexcept {
  if (!connection_->in_transaction()) return;
  try {
    rollback_.with().run();
  } catch (const Failed&) {
    // SQLite keeps the transaction's pages out of the database; the next commit tries again.
  }
}

CommitResult SqliteStore::put(const Batch& batch) {
  if (std::optional<CommitResult> no = objection(batch)) return *no;
  savepoint_.with().run();
  std::optional<CommitResult> no;
  try {
    no = rows_.put(batch);
  } catch (const Failed& failed) {
    if (!failed.is_constraint()) throw;
    no = refused(Cause::conflict,
                 "The stored data does not take this write: " + std::string{failed.what()} + ".");
  }
  if (no) undo_.with().run();
  release_.with().run();
  return no ? std::move(*no) : CommitResult{};
}

CommitResult SqliteStore::finish(bool anything_written) {
  if (!anything_written) {
    abandon();
    return {};
  }
  try {
    commit_.with().run();
    return {};
  } catch (const Failed& failed) {
    const Commit how = ending_of(failed);
    abandon();
    if (how == Commit::refused) return refused(failed.cause(), failed.sentence());
    stopped_ = true;
    return CommitResult{Commit::unknown, failed.cause(),
                        "A commit may be on disk or not (" + std::string{failed.what()} +
                            "): the server has to stop and start from what the disk holds."};
  }
}

std::vector<CommitResult> SqliteStore::commit(std::span<const Batch> batches) {
  std::vector<CommitResult> results;
  if (stopped_) {
    results.assign(batches.size(),
                   refused(Cause::stopped, "An earlier commit ended unknown; nothing is written."));
    return results;
  }
  results.reserve(batches.size());
  CommitResult whole;
  bool anything_written = false;
  try {
    abandon();
    begin_.with().run();
    for (const Batch& batch : batches) {
      results.push_back(put(batch));
      anything_written = anything_written || results.back().how == Commit::done;
    }
    whole = finish(anything_written);
  } catch (const Failed& failed) {
    abandon();
    whole = refused(failed.cause(), failed.sentence());
  }
  if (whole.how != Commit::done) {
    // A batch that was refused for its own reasons keeps them: it is not stored in any case.
    results.resize(batches.size());
    for (CommitResult& result : results)
      if (result.how == Commit::done) result = whole;
  }
  // What changes nothing never meets the disk, and says nothing about it.
  const std::uint64_t pages = connection_->pages_written();
  if (pages > 0 || whole.how != Commit::done) set_health(whole, pages);
  if (whole.how == Commit::done)
    checkpointer_.log_is(log_frames_ * (page_bytes_ + frame_header_bytes));
  return results;
}

/// A full disk still takes what is small enough: only a commit as large as the one refused says
/// that it is well again.
void SqliteStore::set_health(const CommitResult& result, std::uint64_t pages) {
  const std::scoped_lock lock(health_mutex_);
  if (result.how == Commit::done && pages < refused_pages_) return;
  refused_pages_ =
      result.how == Commit::refused ? std::max({refused_pages_, pages, std::uint64_t{1}}) : 0;
  health_.writable = result.how == Commit::done;
  health_.cause = result.cause;
  health_.sentence = result.sentence;
}

Health SqliteStore::health() const {
  Health health;
  std::uint64_t pages = 0;
  {
    const std::scoped_lock lock(health_mutex_);
    health = health_;
    pages = refused_pages_;
  }
  // Nobody may have written since there is room again.
  if (pages > 0 && health.cause != Cause::corrupt &&
      has_room(config_.database, vfs_of(config_), pages * (page_bytes_ + frame_header_bytes)))
    health = {};
  health.file = config_.database.string();
  if (health.writable) health.sentence = checkpointer_.trouble();
  health.database_bytes = size_of(config_.database);
  health.log_bytes = size_of(config_.database.string() + "-wal");
  return health;
}

std::unexpected<OpenError> refuse_open(const Config& config, Cause cause, const std::string& why) {
  return std::unexpected(OpenError{cause, "The database " + config.database.string() + " " + why});
}

/// Verifiers lie in it: nobody but the server's user reads it. The log takes the same mode.
std::expected<void, OpenError> make_file(const Config& config) {
  const int descriptor =
      ::open(config.database.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor >= 0) {
    ::close(descriptor);
    return {};
  }
  const std::error_code error(errno, std::generic_category());
  const bool is_full = error == std::errc::no_space_on_device;
  return refuse_open(config, is_full ? Cause::disk_full : Cause::read_only,
                     "cannot be opened for writing (" + error.message() +
                         "): let this user write to the file and its folder.");
}

}  // namespace

std::expected<std::unique_ptr<Store>, OpenError> open(const Config& config,
                                                      Synchronous synchronous) {
  std::expected<LockFile, OpenError> lock = LockFile::take(config.database);
  if (!lock) return std::unexpected(lock.error());
  if (auto made = make_file(config); !made) return std::unexpected(made.error());
  try {
    auto connection = std::make_unique<WriterConnection>(config, synchronous);
    if (sqlite3_db_readonly(connection->handle(), "main") == 1)
      return refuse_open(config, Cause::read_only, "is read-only: make it writable for this user.");
    if (const std::string no = objection_to(*connection, migrations().size()); !no.empty())
      return refuse_open(config, Cause::conflict, no);
    if (connection->text("PRAGMA journal_mode = WAL") != "wal")
      return refuse_open(config, Cause::io_error,
                         "cannot have a write-ahead log there: put it on a local file system.");
    migrate(*connection, migrations());
    return std::make_unique<SqliteStore>(config, std::move(*lock), std::move(connection));
  } catch (const Failed& failed) {
    if ((failed.code() & 0xFF) == SQLITE_BUSY)
      return refuse_open(config, Cause::conflict,
                         "is in use by another program: end that one first.");
    if ((failed.code() & 0xFF) == SQLITE_NOTADB)
      return refuse_open(config, Cause::corrupt,
                         "is no database: name another file, or restore a backup.");
    return refuse_open(config, failed.cause(), "cannot be opened. " + failed.sentence());
  }
}

}  // namespace kith::store::sqlite
