// What the disk and SQLite alone can do, to compare with: inserts rows of a contact's size, some a
// commit, WAL and synchronous=FULL, and times each commit.

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void give_up(sqlite3* database) {
  std::fprintf(stderr, "bare: %s\n", sqlite3_errmsg(database));
  std::exit(1);
}

void run(sqlite3* database, const char* sql) {
  if (sqlite3_exec(database, sql, nullptr, nullptr, nullptr) != SQLITE_OK) give_up(database);
}

double percentile_ms(std::vector<double>& seconds, double part) {
  const auto place = static_cast<std::ptrdiff_t>(part * static_cast<double>(seconds.size() - 1));
  std::ranges::nth_element(seconds, seconds.begin() + place);
  return seconds[static_cast<std::size_t>(place)] * 1000;
}

/// The seconds that each commit took.
std::vector<double> commits(sqlite3* database, int rows, double seconds) {
  sqlite3_stmt* insert = nullptr;
  if (sqlite3_prepare_v2(database,
                         "INSERT INTO rows (user, uri, name, rest) VALUES "
                         "(?, 'sip:contact17@example.com', 'Contact 17', '1')",
                         -1, &insert, nullptr) != SQLITE_OK)
    give_up(database);
  std::vector<double> taken;
  int user = 0;
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  for (auto begin = Clock::now(); begin < end;) {
    run(database, "BEGIN IMMEDIATE");
    for (int i = 0; i < rows; ++i) {
      sqlite3_bind_int(insert, 1, user++ % 10'000);
      if (sqlite3_step(insert) != SQLITE_DONE) give_up(database);
      sqlite3_reset(insert);
    }
    run(database, "COMMIT");
    const auto now = Clock::now();
    taken.push_back(std::chrono::duration<double>(now - begin).count());
    begin = now;
  }
  sqlite3_finalize(insert);
  return taken;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: bare DATABASE ROWS_IN_COMMIT SECONDS\n", stderr);
    return 2;
  }
  const int rows = std::atoi(argv[2]);
  const double seconds = std::atof(argv[3]);
  sqlite3* database = nullptr;
  if (rows < 1 || sqlite3_open(argv[1], &database) != SQLITE_OK) give_up(database);
  run(database, "PRAGMA journal_mode = WAL");
  run(database, "PRAGMA synchronous = FULL");
  run(database,
      "CREATE TABLE IF NOT EXISTS rows "
      "(id INTEGER PRIMARY KEY, user INTEGER, uri TEXT, name TEXT, rest TEXT)");
  commits(database, rows, seconds / 5);
  std::vector<double> taken = commits(database, rows, seconds);
  const double rate = static_cast<double>(taken.size()) / seconds;
  std::printf(
      "{\"rows_in_commit\": %d, \"commits_per_second\": %.1f, \"rows_per_second\": %.1f, "
      "\"p50_ms\": %.3f, \"p99_ms\": %.3f}\n",
      rows, rate, rate * rows, percentile_ms(taken, 0.5), percentile_ms(taken, 0.99));
  sqlite3_close(database);
}
