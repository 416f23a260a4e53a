#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "kith/crypto/system_random.h"
#include "kith/net/reactor.h"
#include "kith/net/transports.h"
#include "kith/ua/endpoint.h"
#include "server/service/core.h"
#include "server/service/passage.h"
#include "server/shard/accept_worker.h"
#include "server/shard/limits.h"
#include "server/shard/mailbox.h"
#include "server/store/store.h"
#include "server/store/writer.h"

namespace kith::server {

/// What the shards of a process share. All of it outlives them.
struct Common {
  const service::Settings& settings;
  ua::Config endpoint;  // the shard number is set by each
  net::Limits network;
  net::UtcClock clock = net::UtcClock::read();
  store::Writer& writer;
  AcceptWorker* acceptor = nullptr;       // none without Kerberos
  std::vector<std::uint8_t> hash_key;     // of which user lives where; 16 bytes
  std::function<void(std::string)> halt;  // the store does not know what it has
  std::size_t mailbox_max = limits::mailbox_max;
};

struct ShardStatistics {
  service::Statistics service;
  ua::Counts endpoint;
  net::Counters network;
  std::size_t connections = 0;
};

/// One thread's share of everything: its connections with their transactions, and its users. Flows
/// belong to the shard that reads them, users to the shard that their address hashes to; what
/// concerns both travels as a value.
class Shard final : private net::Handler, private service::Ways {
 public:
  Shard(std::uint8_t number, Common common, std::unique_ptr<store::Reader> reader);
  ~Shard() override;

  /// Before the first call of run().
  void know(std::vector<Shard*> shards) { shards_ = std::move(shards); }
  std::expected<Address, std::error_code> listen(Transport transport, const Address& address,
                                                 net::ListenOptions options);

  /// The shard's thread, until stop().
  void run();

  // From any thread:

  /// Takes nothing new; calls `done` when all that was read has reached the shards that answer it.
  void pause(std::function<void()> done);
  /// Calls `done` when nothing is held for this shard's users, and nothing on its way to another.
  void when_quiet(std::function<void()> done);
  /// Closes the connections; calls `done` when everything has been answered and sent.
  void finish(std::function<void()> done);
  void stop();
  void account_changed(const sip::Aor& aor);
  /// `answer` is called on the shard's thread.
  void ask_user(const sip::Aor& aor, std::function<void(std::optional<service::UserView>)> answer);
  void ask_statistics(std::function<void(ShardStatistics)> answer);
  std::size_t owner_of(const sip::Aor& aor) const override;

 private:
  void opened(const Flow& flow) override;
  void connected(const Flow& flow) override;
  void received(const Flow& flow, std::string_view bytes) override;
  void failed(const Flow& flow, std::error_code why) override;
  void closed(const Flow& flow, std::error_code why) override;

  Time now() const override { return reactor_.now(); }
  std::size_t shards() const override { return shards_.size(); }
  service::Passage& passage(std::size_t shard) override { return shards_[shard]->passage_; }
  void at(std::size_t shard, Deed deed) override;
  bool is_full() const override;
  void load(const sip::Aor& aor) override;
  void commit(service::Commit commit) override;
  void accept(service::Accept accept) override;
  void halt(const std::string& why) override;
  void log(const service::Log& line) override;
  void log(const ua::Refused& refused) override;

  void drain();
  bool drain_endpoint();
  void send_result(Mailbox::Mail mail) { mailbox_.put_result(std::move(mail)); }
  void retry_stalled();
  void read_mail();
  void check_finished();

  struct Stalled {
    std::size_t shard;
    Mailbox::Mail mail;
  };

  const std::uint8_t number_;
  Common common_;
  crypto::SystemRandom random_;
  net::Reactor reactor_;
  net::Transports transports_;
  ua::Endpoint endpoint_;
  service::Core core_;
  service::Passage passage_;
  std::unique_ptr<store::Reader> reader_;
  Mailbox mailbox_;
  net::Task turn_;
  net::Timer deadline_;
  net::Timer retry_;
  std::vector<Shard*> shards_;
  std::unordered_set<std::uint64_t> streams_;
  std::deque<Stalled> stalled_;
  bool is_pausing_ = false;  // for good: nothing new is taken
  std::function<void()> paused_;
  std::function<void()> quiet_;
  std::function<void()> finished_;
};

}  // namespace kith::server
