#include "server/log/log.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "server/log/limits.h"

namespace kith::log {
namespace {

/// What is written to stderr while `work` runs.
std::string said(const std::function<void()>& work) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), &std::fclose);
  REQUIRE(file);
  std::fflush(stderr);
  const int stderr_before = ::dup(STDERR_FILENO);
  ::dup2(::fileno(file.get()), STDERR_FILENO);
  work();
  std::fflush(stderr);
  ::dup2(stderr_before, STDERR_FILENO);
  ::close(stderr_before);
  std::string text(16384, '\0');
  std::rewind(file.get());
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  return text;
}

/// The line without its time.
std::string after_time(const std::string& line) {
  const std::size_t level = line.find("level");
  return level == std::string::npos ? line : line.substr(level);
}

}  // namespace

TEST_CASE("logfmt: a line has time, level, event and the fields that have a value") {
  open(Format::logfmt, Level::info);
  const std::string line = said([] {
    write(Level::warning, "message refused", {{"flow", "7"}, {"aor", ""}, {"error", "no \"Via\""}});
  });
  CHECK(line.starts_with("time=20"));
  CHECK(after_time(line) ==
        "level=warning event=\"message refused\" flow=7 error=\"no \\\"Via\\\"\"\n");
}

TEST_CASE("what a peer sent ends neither the line nor the field") {
  open(Format::logfmt, Level::info);
  CHECK(after_time(said([] { write(Level::info, "x", {{"error", "a\r\nlevel=error"}}); })) ==
        "level=info event=x error=\"a\\u000d\\u000alevel=error\"\n");
  open(Format::json, Level::info);
  CHECK(after_time(said([] { write(Level::info, "x", {{"error", "\",\"a\":\"\x7f"}}); })) ==
        "level\":\"info\",\"event\":\"x\",\"error\":\"\\\",\\\"a\\\":\\\"\\u007f\"}\n");
  open(Format::logfmt, Level::info);
}

TEST_CASE("a flood of one event is cut off, the others go on, and the count follows") {
  open(Format::logfmt, Level::info);
  const auto count = [](const std::string& text, std::string_view part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
      ++found;
    return found;
  };
  const std::string flood = said([] {
    for (std::uint64_t i = 0; i < limits::lines_per_second_max + 30; ++i)
      write(Level::warning, "flood", {{"error", "x"}});
    write(Level::info, "another");
  });
  CHECK(count(flood, "event=flood") == limits::lines_per_second_max);
  CHECK(count(flood, "event=another") == 1);
  // Waits: the lines are counted by the second, and the second must be over.
  std::this_thread::sleep_for(std::chrono::seconds(1));
  const std::string after = said([] { write(Level::info, "another"); });
  CHECK(after.contains("event=\"lines held back\" of=flood lines=30"));
  CHECK(after.find("held back") < after.find("event=another"));
  CHECK_FALSE(said([] { write(Level::info, "another"); }).contains("held back"));
}

TEST_CASE("below the lowest level nothing is written") {
  open(Format::logfmt, Level::warning);
  CHECK(said([] { write(Level::info, "x"); }).empty());
  CHECK_FALSE(said([] { write(Level::error, "x"); }).empty());
  open(Format::logfmt, Level::info);
  CHECK(said([] { write(Level::debug, "x"); }).empty());
}

}  // namespace kith::log
