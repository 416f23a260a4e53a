#include "server/admin/socket.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "server/admin/limits.h"

using namespace kith;
using namespace kith::admin;

namespace {

struct Folder {
  std::filesystem::path path;
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "kith-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string socket() const { return (path / "admin.sock").string(); }
};

/// A socket that answers each line with itself, on a thread of its own.
struct Echo {
  explicit Echo(const std::string& path) {
    const auto opened = socket.open(path);
    REQUIRE_MESSAGE(opened, opened.error());
    thread = std::thread([this] { reactor.run(); });
  }
  ~Echo() { end(); }
  void end() {
    reactor.stop();
    if (thread.joinable()) thread.join();
  }
  net::Reactor reactor;
  Socket socket{reactor, [](std::string_view line) { return "<" + std::string(line) + ">"; }};
  std::thread thread;
};

}  // namespace

TEST_CASE("a line is answered with a line, many times over one connection") {
  const Folder folder;
  const Echo echo(folder.socket());
  auto call = Call::open(folder.socket());
  REQUIRE(call);
  CHECK(call->ask("one") == "<one>");
  CHECK(call->ask(std::string(50'000, 'x'))->size() == 50'002);
}

TEST_CASE("the socket is for its owner alone, and is gone afterwards") {
  const Folder folder;
  {
    const Echo echo(folder.socket());
    struct stat found{};
    REQUIRE(::lstat(folder.socket().c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0600);
  }
  CHECK_FALSE(std::filesystem::exists(folder.socket()));
  CHECK(Call::open(folder.socket()).error().kind == CallError::Kind::not_running);
}

TEST_CASE("who waits for the end of the server is told how it ended, or that nobody said") {
  const Folder folder;
  std::optional<Echo> echo(std::in_place, folder.socket());
  auto call = Call::open(folder.socket());
  REQUIRE(call);
  REQUIRE(call->ask("drain") == "<drain>");
  CHECK(call->last_words(1ms).error().sentence.contains("has not ended yet"));
  echo->end();
  echo->socket.farewell("finished");
  CHECK(call->last_words(10s) == "finished");
  echo.reset();
  CHECK(call->last_words(10s).error().sentence.contains("without an answer"));
}

TEST_CASE("a socket on which somebody answers is not taken; one of a killed server is") {
  const Folder folder;
  {
    const Echo echo(folder.socket());
    net::Reactor reactor;
    Socket second(reactor, [](std::string_view) { return std::string(); });
    CHECK(second.open(folder.socket()).error().contains("another kithd answers"));
    std::filesystem::rename(folder.socket(), folder.path / "left");  // as a kill leaves it
  }
  std::filesystem::rename(folder.path / "left", folder.socket());
  const Echo echo(folder.socket());
  CHECK(Call::open(folder.socket())->ask("x") == "<x>");
}

TEST_CASE("a file that is no socket, a path too long and a folder that is not there are refused") {
  const Folder folder;
  net::Reactor reactor;
  Socket socket(reactor, [](std::string_view) { return std::string(); });
  std::ofstream(folder.socket()) << "text";
  CHECK(socket.open(folder.socket()).error().contains("is no socket"));
  CHECK(socket.open("/" + std::string(200, 'x')).error().contains("107 bytes"));
  CHECK(socket.open((folder.path / "none" / "s").string()).error().contains("make its folder"));
}

TEST_CASE("limits: a request line that does not end ends the connection") {
  const Folder folder;
  const Echo echo(folder.socket());
  auto call = Call::open(folder.socket());
  REQUIRE(call);
  const auto answer = call->ask(std::string(limits::request_bytes_max + 4096, 'x'));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == CallError::Kind::broken);
}

TEST_CASE("limits: one connection too many is closed, the others live on") {
  const Folder folder;
  const Echo echo(folder.socket());
  std::vector<Call> calls;
  for (std::size_t i = 0; i < limits::connections_max; ++i) {
    calls.push_back(*Call::open(folder.socket()));
    REQUIRE(calls.back().ask("x"));
  }
  auto more = Call::open(folder.socket());
  REQUIRE(more);
  CHECK_FALSE(more->last_words(10s));
  CHECK(calls.front().ask("y") == "<y>");
}
