#include "server/store/memory/simulated_store.h"

#include <doctest/doctest.h>

#include "server/store/testing/support.h"

namespace kith::store {
namespace {

using testing::aor;
using testing::make_account;

constexpr Time start{1h};

constexpr Disk steady{.commit_min = 2ms, .commit_max = 2ms, .load_min = 1ms, .load_max = 1ms};

struct Answered {
  Time when;
  SimulatedStore::Answer answer;
};

/// Runs virtual time on until nothing is under way.
std::vector<Answered> run(SimulatedStore& store) {
  std::vector<Answered> answers;
  Time now = start;
  while (store.next_deadline() != never) {
    now = std::max(now, store.next_deadline());
    while (auto answer = store.poll(now)) answers.push_back(Answered{now, std::move(*answer)});
  }
  return answers;
}

const CommitResult& result(const Answered& answered) {
  return std::get<SimulatedStore::Committed>(answered.answer).result;
}

TEST_CASE("simulated: a commit takes its time, and what comes meanwhile goes into the next") {
  SeededRandom random(1);
  SimulatedStore store(random, steady);
  const auto first = store.submit(make_account(1), start);
  store.submit(make_account(2), start);
  store.submit(make_account(3), start);
  CHECK_FALSE(store.poll(start));
  CHECK(store.next_deadline() == start + 2ms);
  const std::vector<Answered> answers = run(store);
  REQUIRE(answers.size() == 3);
  CHECK(std::get<SimulatedStore::Committed>(answers[0].answer).ticket == first);
  CHECK(answers[0].when == start + 2ms);
  CHECK(answers[1].when == start + 4ms);
  CHECK(answers[2].when == start + 4ms);
  CHECK(store.next_deadline() == never);
}

TEST_CASE("simulated: a load answers with what the disk holds then") {
  SeededRandom random(1);
  SimulatedStore store(random, steady);
  store.submit(make_account(1), start);
  store.load(aor(1), start);        // due before the commit
  store.load(aor(1), start + 2ms);  // and after
  const std::vector<Answered> answers = run(store);
  REQUIRE(answers.size() == 3);
  CHECK_FALSE(std::get<SimulatedStore::Loaded>(answers[0].answer).user->account);
  CHECK(std::get<SimulatedStore::Loaded>(answers[2].answer).user->account);
}

TEST_CASE("simulated: a full disk refuses, then takes again") {
  SeededRandom random(1);
  SimulatedStore store(random, steady);
  store.disk().full = true;
  store.submit(make_account(1), start);
  CHECK(result(run(store).at(0)).cause == Cause::disk_full);
  store.disk().full = false;
  store.submit(make_account(1), start);
  CHECK(result(run(store).at(0)).how == Commit::done);
}

TEST_CASE("simulated: refusals and failing loads come as often as asked") {
  SeededRandom random(5);
  Disk disk = steady;
  disk.refuse_per_mille = 250;
  disk.load_fails_per_mille = 250;
  SimulatedStore store(random, disk);
  int refusals = 0;
  int failures = 0;
  for (unsigned user = 0; user < 400; ++user) {
    store.submit(make_account(user), start);
    refusals += result(run(store).at(0)).how == Commit::refused ? 1 : 0;
    store.load(aor(user), start);
    failures += std::get<SimulatedStore::Loaded>(run(store).at(0).answer).user ? 0 : 1;
  }
  CHECK(refusals > 60);
  CHECK(refusals < 140);
  CHECK(failures > 60);
  CHECK(failures < 140);
  CHECK(store.durable().users().size() == static_cast<std::size_t>(400 - refusals));
}

TEST_CASE("simulated: after an unknown commit nothing is taken until the next start") {
  bool was_stored = false;
  bool was_lost = false;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SeededRandom random(seed);
    SimulatedStore store(random, steady);
    store.disk().unknown_per_mille = 1000;
    store.submit(make_account(1), start);
    store.submit(make_account(2), start);
    const std::vector<Answered> answers = run(store);
    CHECK(result(answers.at(0)).how == Commit::unknown);
    CHECK(result(answers.at(1)).cause == Cause::stopped);
    CHECK_FALSE(store.submit(make_account(3), start));
    CHECK_FALSE(store.durable().users().contains("user2@example.com"));
    (store.durable().users().empty() ? was_lost : was_stored) = true;
    store.power_fail();
    CHECK(store.submit(make_account(3), start));
  }
  CHECK(was_stored);
  CHECK(was_lost);
}

TEST_CASE("simulated: a power failure forgets what was not answered, a commit as a whole") {
  bool was_stored = false;
  bool was_lost = false;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SeededRandom random(seed);
    SimulatedStore store(random, steady);
    store.submit(make_account(1), start);
    run(store);
    store.submit(make_account(2), start);
    store.submit(make_account(3), start);  // waits
    store.power_fail();
    CHECK(store.next_deadline() == never);
    CHECK(run(store).empty());
    const MemoryStore::Users& users = store.durable().users();
    CHECK(users.contains("user1@example.com"));
    CHECK_FALSE(users.contains("user3@example.com"));
    (users.contains("user2@example.com") ? was_stored : was_lost) = true;
  }
  CHECK(was_stored);
  CHECK(was_lost);
}

TEST_CASE("simulated: the queue has an end") {
  SeededRandom random(1);
  SimulatedStore store(random, steady);
  const Batch batch{aor(1), {}};
  for (std::size_t i = 0; i <= queued_batches_max; ++i) REQUIRE(store.submit(batch, start));
  CHECK_FALSE(store.submit(batch, start));
}

TEST_CASE("a memory store can be told to refuse") {
  MemoryStore store;
  store.refuse_commits(Cause::read_only);
  const Batch batch = make_account(1);
  CHECK(store.commit({&batch, 1}).front().cause == Cause::read_only);
  CHECK_FALSE(store.health().writable);
  store.refuse_commits(Cause::none);
  CHECK(store.commit({&batch, 1}).front().how == Commit::done);
  CHECK(store.backup("nowhere").error().sentence == "A store in memory has no file to copy.");
}

}  // namespace
}  // namespace kith::store
