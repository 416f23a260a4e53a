#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <vector>

#include "kith/base/flow.h"
#include "kith/base/siphash.h"
#include "kith/base/text.h"
#include "kith/base/time.h"
#include "kith/base/timer_wheel.h"
#include "kith/transaction/key.h"
#include "kith/transaction/machine.h"
#include "kith/transaction/timers.h"

namespace kith::transaction {

/// What a transaction asks of the world.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void send(const Flow& flow, const std::string& bytes) = 0;
  /// The transaction is gone. `complete` where it did what it was for.
  virtual void ended(TransactionId id, Ending why, std::error_code error) = 0;
};

/// The transactions of one endpoint and their timers. Each holds the bytes that it may have to send
/// again, and no message.
class Transactions {
 public:
  /// `listener` outlives it. `secret` keeps peers from choosing keys that collide.
  Transactions(const Timers& timers, const HashKey& secret, Listener& listener);

  /// What a transaction is made with. `flow` is where it sends; `bytes`: of a client the request,
  /// of an INVITE the 100 that it sends by itself, otherwise nothing.
  struct Beginning {
    Kind kind = Kind::server_other;
    Key key;
    Flow flow;
    std::string bytes;
  };
  /// The key is not there yet. A client's request leaves at once.
  TransactionId begin(Beginning beginning, Time now);

  /// Nothing for a key that is not there.
  std::optional<TransactionId> find(const Key& key) const;
  /// Nothing for a transaction that is gone.
  const Machine* machine(TransactionId id) const;
  const Flow* flow(TransactionId id) const;
  /// What it would send again; empty where it needs nothing.
  std::string_view bytes(TransactionId id) const;

  /// Something happened, to a transaction that is there; whether it is to be passed up. Where the
  /// event makes it send something new, `bytes` is that, and takes the place of the former.
  bool on(TransactionId id, Event event, Time now, std::optional<std::string> bytes = {});
  /// Whether it was found by more than a branch: then the ACK for its final response comes under
  /// another key, the acknowledged_key().
  bool needs_second_key(TransactionId id) const;
  /// Another key under which it is found.
  void add_key(TransactionId id, std::string_view to_tag);

  /// Ends it without a word to the peer: Ending::dropped. A request that comes again begins
  /// another.
  void forget(TransactionId id);

  /// From now on it has timers of its own, and what runs begins anew with them: of one that began
  /// now it is as if they had always been. It is there; T1 and T2 are above zero.
  void set_timers(TransactionId id, const Timers& timers, Time now);
  /// Nothing for a transaction that is gone.
  const Timers* timers(TransactionId id) const;

  enum class Which : std::uint8_t { all, clients };
  /// What was to be sent this way cannot be. Of datagrams this ends only transactions of clients:
  /// an answer that one peer did not get is for the timers.
  void transport_failed(const Flow& flow, Which which, std::error_code error);
  /// It goes on by another way, and does not end with the former; nothing for one that is gone. Its
  /// flow keeps the local address, which is perhaps what its Via says.
  void move(TransactionId id, const Flow& to);

  /// Lets one timer fire whose time has come; false when there is none.
  bool fire(Time now);
  Time next_deadline() const { return wheel_.next(); }

  std::size_t clients() const { return clients_; }
  std::size_t servers() const { return servers_; }

 private:
  static constexpr std::uint32_t none = 0xffffffff;

  struct Slot {
    explicit Slot(Kind kind, Reliability reliability) : machine(kind, reliability) {}

    Machine machine;
    Flow flow;
    std::string bytes;
    Key key;                                  // without text: the slot is free
    const std::string* second_key = nullptr;  // in second_keys_; few have one
    Time repeat_at = never;
    Time expire_at = never;
    Event repeat = Event::timer_a;
    Event expire = Event::timer_b;
    bool has_own_timers = false;
    std::uint32_t generation = 0;
    std::uint32_t before = none;  // others on the same flow
    std::uint32_t after = none;
    std::uint32_t next = none;  // others of the same bucket
  };
  struct KeyedHash {
    HashKey secret;
    std::size_t operator()(const std::string& text) const {
      return siphash(as_bytes(text), secret);
    }
  };
  struct FlowHash {
    HashKey secret;
    std::size_t operator()(const Flow& flow) const;
  };

  static TransactionId id_of(std::uint32_t index, std::uint32_t generation);
  std::uint32_t index_of(TransactionId id) const;
  std::uint32_t take_slot(Kind kind, Reliability reliability);
  void perform(std::uint32_t index, const Effects& effects, Time now, bool& passed_up);
  void apply(std::uint32_t index, Event event, Time now, std::error_code error, bool& passed_up);
  const Timers& timers_of(const Slot& slot, std::uint32_t index) const {
    return slot.has_own_timers ? own_timers_.at(index) : timers_;
  }
  void start_timer(Slot& slot, const StartTimer& timer, Time now);
  void arm(std::uint32_t index);
  std::uint32_t& bucket_of(const Key& key) { return buckets_[key.hash & (buckets_.size() - 1)]; }
  void enter(std::uint32_t index);
  void leave(std::uint32_t index);
  static bool may_lose_transport(const Slot& slot) {
    return is_stream(slot.flow.transport) || is_client(slot.machine.kind());
  }
  void link(std::uint32_t index);
  void unlink(std::uint32_t index);
  void release(std::uint32_t index);

  Timers timers_;
  std::unordered_map<std::uint32_t, Timers> own_timers_;  // by slot; few have some
  HashKey secret_;
  Listener& listener_;
  std::deque<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::vector<std::uint32_t> buckets_;  // the first slot of each; as many as a power of two
  std::unordered_map<std::string, std::uint32_t, KeyedHash> second_keys_;
  std::unordered_map<Flow, std::uint32_t, FlowHash> first_on_flow_;
  TimerWheel wheel_;
  std::size_t clients_ = 0;
  std::size_t servers_ = 0;
};

}  // namespace kith::transaction
