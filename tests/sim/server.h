#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kith/sim/world.h"
#include "kith/ua/endpoint.h"
#include "server/service/core.h"
#include "server/service/passage.h"
#include "server/store/memory/simulated_store.h"

/// The whole server in virtual time, with simulated devices and disk.
namespace kith::play {

inline constexpr std::size_t shards = 2;

/// The shards of a server without threads, sockets and disk: each is a node of the world at an
/// address of its own, and what concerns another shard takes its way through service::Passage.
class Server {
 public:
  using Trace = std::function<void(std::string)>;

  Server(sim::World& world, service::Settings settings, Trace trace);
  ~Server();

  static Address address(std::size_t shard);
  std::size_t owner_of(const sip::Aor& aor) const;

  /// A process with nothing in memory, on what the disk has.
  void start();
  /// The process and its machine end here; what was not synced is gone. Connections break.
  void crash();
  bool is_up() const { return up_; }
  std::size_t halts() const { return halts_; }
  /// How often it was started.
  std::size_t lives() const { return lives_; }

  store::SimulatedStore& store() { return store_; }
  /// How long somebody who looks at Kerberos tokens takes, at most.
  void set_accept_delay(Duration most) { accept_delay_ = most; }

  std::optional<service::UserView> user(const sip::Aor& aor) const;
  service::Statistics statistics() const;
  ua::Counts counts() const;
  /// Nothing waits for the disk or for an answer.
  bool is_quiet() const;

  /// Every step of a list that reached the disk, in order.
  const std::vector<contacts::Delta>& history(const sip::Aor& aor) const;
  /// What went wrong in a way that no fault explains; empty: nothing.
  const std::vector<std::string>& violations() const { return violations_; }

 private:
  class Shard;
  struct Submitted {
    std::size_t shard;
    service::CommitId id;
    store::Batch batch;
  };
  struct Asked {
    std::size_t shard;
    sip::Aor aor;
  };
  struct Token {
    std::size_t shard;
    auth::AcceptJob job;
  };

  void commit(std::size_t shard, service::Commit commit, Time now);
  void load(std::size_t shard, const sip::Aor& aor, Time now);
  void accept(std::size_t shard, auth::AcceptJob job, Time now);
  void halt(const std::string& why);
  void tick(Time now);
  Time next_deadline() const;
  void answer(store::SimulatedStore::Committed committed, Time now);
  void remember(const store::Batch& batch);
  void remember_after_crash();
  void trace(const std::string& line) const;

  sim::World& world_;
  service::Settings settings_;
  Trace trace_;
  SeededRandom random_;
  store::SimulatedStore store_;
  std::array<std::unique_ptr<Shard>, shards> shards_;
  std::map<store::SimulatedStore::Ticket, Submitted> submitted_;
  std::map<store::SimulatedStore::Ticket, Asked> asked_;
  std::multimap<Time, Token> tokens_;
  std::vector<store::Batch> unknown_;
  std::set<std::string, std::less<>> replay_cache_;  // on disk: it outlives the process
  std::map<sip::Aor, std::vector<contacts::Delta>> history_;
  std::vector<std::string> violations_;
  Duration accept_delay_{};
  std::size_t halts_ = 0;
  std::size_t lives_ = 0;
  bool up_ = false;
};

}  // namespace kith::play
