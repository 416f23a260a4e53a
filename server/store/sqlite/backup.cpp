#include "server/store/sqlite/backup.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

#include "server/store/sqlite/connection.h"
#include "server/store/sqlite/lock_file.h"
#include "server/store/sqlite/rows.h"
#include "server/store/sqlite/schema.h"

namespace kith::store::sqlite {
namespace {

namespace fs = std::filesystem;

std::unexpected<OpenError> refuse(Cause cause, std::string sentence) {
  return std::unexpected(OpenError{cause, std::move(sentence)});
}

/// A name that is given up at the end unless keep() was called.
class Draft {
 public:
  explicit Draft(fs::path path) : path_(std::move(path)) {}
  ~Draft() {
    std::error_code ignored;
    if (!kept_) fs::remove(path_, ignored);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  const fs::path& path() const { return path_; }
  void keep() { kept_ = true; }

 private:
  fs::path path_;
  bool kept_ = false;
};

std::error_code last_error() { return {errno, std::generic_category()}; }

std::error_code sync(const fs::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0) return last_error();
  const std::error_code error = ::fsync(descriptor) == 0 ? std::error_code{} : last_error();
  ::close(descriptor);
  return error;
}

std::error_code sync_folder_of(const fs::path& file) {
  const fs::path folder = file.parent_path();
  return sync(folder.empty() ? fs::path{"."} : folder, O_RDONLY | O_DIRECTORY);
}

/// Made here, empty, for nobody but this user; an error if something of that name exists.
std::error_code make_new(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return last_error();
  ::close(descriptor);
  return {};
}

void copy(Connection& from, Connection& to) {
  sqlite3_backup* backup = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
  if (backup == nullptr) throw Failed(to.handle());
  // All pages in one step: the source's snapshot stands still meanwhile, and writers go on.
  const int code = sqlite3_backup_step(backup, -1);
  const int end = sqlite3_backup_finish(backup);
  if (code != SQLITE_DONE) throw Failed(code, sqlite3_errstr(code));
  if (end != SQLITE_OK) throw Failed(to.handle());
}

/// One file, without a log, synced.
void copy_into(Connection& from, const fs::path& file) {
  Connection to(file, "", Access::read_write);
  to.run("PRAGMA synchronous = FULL");
  copy(from, to);
  to.text("PRAGMA journal_mode = DELETE");
}

Counts counts_of(Connection& connection) { return Rows(connection).counts(); }

/// Throws Failed; the sentence if the file is not what it should be.
std::optional<std::string> flaw_of(Connection& connection) {
  if (std::string no = objection_to(connection, migrations().size()); !no.empty()) return no;
  if (connection.number("PRAGMA application_id") != application_id)
    return "is empty: name another file.";
  if (const std::string found = connection.text("PRAGMA integrity_check(1)"); found != "ok")
    return "is damaged (" + found + "): use another backup.";
  if (!connection.text("PRAGMA foreign_key_check").empty())
    return "is damaged (rows of users who do not exist): use another backup.";
  return std::nullopt;
}

/// Whatever the log still holds goes into the database, and the log goes: a log left beside a file
/// that it does not belong to would be played into it.
std::optional<OpenError> settle(const fs::path& database) {
  try {
    Connection connection(database, "unix-excl", Access::read_write);
    if (connection.text("PRAGMA journal_mode = DELETE") == "delete") return std::nullopt;
    return OpenError{Cause::conflict, "The database " + database.string() +
                                          " is in use by another program: end that one first."};
  } catch (const Failed& failed) {
    return OpenError{failed.cause(), "The database " + database.string() + " cannot be read (" +
                                         failed.what() +
                                         "): move it away, with its -wal file, and restore again."};
  }
}

}  // namespace

std::expected<Counts, OpenError> verify(const fs::path& file) {
  if (std::error_code error; !fs::is_regular_file(file, error))
    return refuse(Cause::io_error, "The file " + file.string() + " is not there.");
  try {
    Connection connection(file, "", Access::file);
    if (const std::optional<std::string> flaw = flaw_of(connection))
      return refuse(Cause::corrupt, "The file " + file.string() + " " + *flaw);
    if (connection.number("PRAGMA user_version") !=
        static_cast<std::int64_t>(migrations().size())) {
      // An older schema may lack what is counted: its rows are counted once it is brought up to
      // date.
      return Counts{};
    }
    return counts_of(connection);
  } catch (const Failed& failed) {
    return refuse(failed.cause(), "The file " + file.string() + " cannot be read as a backup (" +
                                      failed.what() + "): use another one.");
  }
}

std::expected<Counts, Trouble> back_up(const fs::path& database, const std::string& vfs,
                                       const fs::path& file) {
  const auto trouble = [&](Cause cause, const std::string& why) {
    return std::unexpected(Trouble{cause, "The backup " + file.string() + " " + why});
  };
  const auto meets = [&](std::error_code error) {
    const bool is_full = error == std::errc::no_space_on_device;
    return trouble(is_full ? Cause::disk_full : Cause::io_error,
                   "cannot be written: " + error.message() + ".");
  };
  std::error_code error;
  if (fs::exists(file, error)) return trouble(Cause::conflict, "exists: choose another name.");
  const fs::path draft_path = file.string() + ".part";
  if ((error = make_new(draft_path))) return meets(error);
  Draft draft(draft_path);
  try {
    Counts expected;
    {
      Connection from(database, vfs, Access::query_only);
      const Snapshot snapshot(from);
      expected = counts_of(from);
      copy_into(from, draft.path());
    }
    const std::expected<Counts, OpenError> counts = verify(draft.path());
    if (!counts) return trouble(counts.error().cause, "failed: " + counts.error().sentence);
    if (*counts != expected)
      return trouble(Cause::corrupt, "does not hold what the database holds.");
    if ((error = sync(draft.path(), O_RDONLY))) return meets(error);
    // Not rename: that would take the place of a file made meanwhile.
    if (::link(draft.path().c_str(), file.c_str()) != 0) return meets(last_error());
    if ((error = sync_folder_of(file))) return meets(error);
    return expected;
  } catch (const Failed& failed) {
    return trouble(failed.cause(), "failed. " + failed.sentence());
  }
}

std::expected<Counts, OpenError> restore(const fs::path& file, const fs::path& database,
                                         const fs::path& before) {
  const std::expected<LockFile, OpenError> lock = LockFile::take(database);
  if (!lock) return std::unexpected(lock.error());
  if (std::expected<Counts, OpenError> counts = verify(file); !counts) return counts;

  Draft draft(database.string() + ".restored");
  std::error_code error;
  fs::remove(draft.path(), error);  // of a restore that was interrupted
  if ((error = make_new(draft.path())))
    return refuse(Cause::io_error, "The file " + draft.path().string() +
                                       " cannot be made: " + error.message() + ".");
  try {
    Connection from(file, "", Access::file);
    copy_into(from, draft.path());
    Connection made(draft.path(), "", Access::read_write);
    migrate(made, migrations());
  } catch (const Failed& failed) {
    return refuse(failed.cause(), "The backup was not copied. " + failed.sentence());
  }
  std::expected<Counts, OpenError> counts = verify(draft.path());
  if (!counts) return counts;
  if (fs::exists(database, error)) {
    if (std::optional<OpenError> no = settle(database)) return std::unexpected(std::move(*no));
  } else {
    fs::remove(database.string() + "-wal", error);  // of nothing
  }
  if (!before.empty()) fs::create_hard_link(database, before, error);
  if (!error && !(error = sync(draft.path(), O_RDONLY)) && !(error = sync_folder_of(database)))
    fs::rename(draft.path(), database, error);
  if (error)
    return refuse(Cause::io_error, "The database was not replaced: " + error.message() + ".");
  draft.keep();
  if ((error = sync_folder_of(database)))
    return refuse(Cause::io_error, "The folder was not synced: " + error.message() + ".");
  return counts;
}

}  // namespace kith::store::sqlite
