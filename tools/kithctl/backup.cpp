#include "tools/kithctl/backup.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <system_error>

#include "kith/net/socket.h"
#include "server/admin/report.h"
#include "server/admin/setup.h"
#include "server/admin/socket.h"
#include "server/store/open.h"
#include "tools/kithctl/owner.h"

namespace kith::ctl {

namespace {

namespace fs = std::filesystem;
using admin::Answer;
using admin::Code;
using admin::say;

/// Removed in the end, whoever made it.
struct Temporary {
  fs::path path;
  ~Temporary() {
    std::error_code ignored;
    fs::remove(path, ignored);
  }
};

std::error_code sync(const fs::path& path, int flags) {
  const net::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags));
  if (!fd || ::fsync(fd.number()) != 0) return net::last_error();
  return {};
}

/// Copies to a name beside the wanted one, and gives it that name once it is whole and on disk.
std::error_code copy_to(const fs::path& from, const fs::path& to) {
  const Temporary draft{to.string() + ".part"};
  std::error_code error;
  fs::copy_file(from, draft.path, fs::copy_options::overwrite_existing, error);
  if (!error) fs::permissions(draft.path, fs::perms(0600), error);
  if (!error) error = sync(draft.path, 0);
  if (error) return error;
  // Not rename: that would take the place of a file made meanwhile.
  if (::link(draft.path.c_str(), to.c_str()) != 0) return net::last_error();
  return sync(to.parent_path(), O_DIRECTORY);
}

/// The name, or the first of "name-2", "name-3", … that nobody has.
fs::path free_name(const std::string& name) {
  std::error_code error;
  if (!fs::exists(name, error)) return name;
  int number = 2;
  while (fs::exists(name + "-" + std::to_string(number), error)) ++number;
  return name + "-" + std::to_string(number);
}

}  // namespace

// The server writes beside its database, the one place where it may; whoever runs kithctl copies
// from there.
Answer backup(const Context& context, const std::string& file, const Ask& ask) {
  const auto setup = admin::load(context.config);
  if (!setup) return say(Code::usage, setup.error());
  std::error_code error;
  const fs::path wanted = fs::absolute(file, error).lexically_normal();
  if (fs::exists(wanted, error))
    return say(Code::no, wanted.string() + " exists; choose another name");
  const Temporary made{setup->config.storage.database + ".backup-" + std::to_string(::getpid())};
  fs::remove(made.path, error);
  admin::Request request;
  request.command = "backup";
  request.file = made.path.string();
  const Answer answer = ask(context, request);
  if (answer.code != Code::done) return answer;
  // The account that may have been taken on for the database's sake is no use here.
  [[maybe_unused]] const int ignored = ::seteuid(::getuid());
  if (const std::error_code failed = copy_to(made.path, wanted))
    return say(Code::failed, "cannot write " + wanted.string() + ": " + failed.message());
  const auto counts = store::verify(wanted);
  if (!counts) return say(Code::failed, counts.error().sentence);
  return admin::report(*counts, "wrote and verified " + wanted.string());
}

Answer restore(const Context& context, const std::string& file) {
  const auto setup = admin::load(context.config);
  if (!setup) return say(Code::usage, setup.error());
  if (admin::Call::open(setup->config.admin.socket))
    return say(Code::no, "kithd is running; end it first, with: kithctl drain");
  const fs::path database = setup->config.storage.database;
  std::error_code error;
  const bool had = fs::exists(database, error);
  const fs::path before = free_name(
      database.string() + fmt::format(".before-{:%Y%m%dT%H%M%S}", fmt::gmtime(std::time(nullptr))));
  const auto counts = store::restore(file, database, had ? before : fs::path());
  if (!counts)
    return say(counts.error().cause == store::Cause::conflict ? Code::no : Code::failed,
               counts.error().sentence);
  give_to_owner_of_folder(database);
  return admin::report(*counts, "restored " + database.string() +
                                    (had ? "; what was there is " + before.string() : ""));
}

}  // namespace kith::ctl
