#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>

#include "kith/base/random.h"
#include "kith/base/time.h"
#include "kith/ua/endpoint.h"
#include "server/service/core.h"

namespace kith::service {

class Passage;

/// What the passage of a shard asks of the world: the other shards, the disk, the log.
class Ways {
 public:
  using Deed = std::move_only_function<void()>;

  virtual ~Ways() = default;
  virtual Time now() const = 0;
  virtual std::size_t shards() const = 0;
  virtual Passage& passage(std::size_t shard) = 0;
  virtual std::size_t owner_of(const sip::Aor& aor) const = 0;
  /// Does it where what belongs to that shard may be touched, after what was sent there before.
  virtual void at(std::size_t shard, Deed deed) = 0;
  /// Whether nothing more is taken. Streams are not read meanwhile; datagrams cannot wait.
  virtual bool is_full() const = 0;

  virtual void load(const sip::Aor& aor) = 0;
  virtual void commit(Commit commit) = 0;
  virtual void accept(Accept accept) = 0;
  virtual void halt(const std::string& why) = 0;
  virtual void log(const Log& line) = 0;
  virtual void log(const ua::Refused& refused) = 0;
};

/// What goes on between the endpoint and the core of a shard, and from shard to shard: a request
/// to the shard of its user, the answer and the notifications to the shards of their flows.
class Passage {
 public:
  /// The shard with this number; what is referred to outlives the passage.
  Passage(std::size_t number, ua::Endpoint& endpoint, Core& core, Random& random, Ways& ways)
      : number_(number), endpoint_(endpoint), core_(core), random_(random), ways_(ways) {}

  /// What the endpoint said.
  void hear(ua::Notice notice);
  /// Does what the core asks for, until it is silent; whether there was anything.
  bool drain();

 private:
  struct Awaited {
    std::size_t owner;
    NotifyRef ref;
  };

  void pass_on(ua::RequestReceived request);
  void hand_over(ua::ResponseElsewhere response);
  void answered(ua::TransactionId transaction, int status);
  void flow_closed(const Flow& flow);
  void perform(Output output);
  void notify(std::size_t owner, Notify notify);

  /// `deed(passage of that shard, its time)`
  template <class Deed>
  void at(std::size_t shard, Deed deed) {
    ways_.at(shard, [&there = ways_.passage(shard), deed = std::move(deed)]() mutable {
      deed(there, there.ways_.now());
    });
  }

  std::size_t number_;
  ua::Endpoint& endpoint_;
  Core& core_;
  Random& random_;
  Ways& ways_;
  std::unordered_map<ua::TransactionId, Awaited> awaited_;
};

}  // namespace kith::service
