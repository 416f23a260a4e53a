#include "server/shard/accept_worker.h"

#include <doctest/doctest.h>

#include <atomic>
#include <semaphore>
#include <string>
#include <vector>

#include "server/shard/limits.h"

namespace kith::server {
namespace {

auth::AcceptResult refused(std::string_view token) {
  return std::unexpected(auth::AcceptFailure{.kind = auth::AcceptFailure::Kind::bad_token,
                                             .detail = std::string(token)});
}

}  // namespace

TEST_CASE("tokens are looked at in order on one other thread, and all are answered at the end") {
  std::vector<std::string> answered;
  std::vector<std::thread::id> threads;
  {
    AcceptWorker worker(refused);
    for (const char* token : {"one", "two", "three"})
      worker.submit(token, [&](const auth::AcceptResult& result) {
        answered.push_back(result.error().detail);
        threads.push_back(std::this_thread::get_id());
      });
  }
  CHECK(answered == std::vector<std::string>{"one", "two", "three"});
  CHECK(threads.at(0) != std::this_thread::get_id());
  CHECK(threads.at(0) == threads.at(2));
}

TEST_CASE("beyond accept_jobs_max a token is answered unavailable at once") {
  std::binary_semaphore begun{0};
  std::binary_semaphore allowed{0};
  std::atomic<std::size_t> looked_at = 0;
  {
    AcceptWorker worker([&](std::string_view token) {
      if (looked_at++ == 0) {
        begun.release();
        allowed.acquire();
      }
      return refused(token);
    });
    worker.submit("under way", [](const auth::AcceptResult&) {});
    begun.acquire();
    for (std::size_t i = 0; i < limits::accept_jobs_max; ++i)
      worker.submit("waits", [](const auth::AcceptResult&) {});
    bool at_once = false;
    worker.submit("too many", [&](const auth::AcceptResult& result) {
      at_once = result.error().kind == auth::AcceptFailure::Kind::unavailable;
    });
    CHECK(at_once);
    allowed.release();
  }
  CHECK(looked_at == limits::accept_jobs_max + 1);
}

}  // namespace kith::server
