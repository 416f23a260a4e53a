#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/auth/client.h"
#include "kith/auth/testing/hmac_mechanism.h"
#include "kith/contacts/list.h"
#include "kith/event/extensions.h"
#include "kith/sim/world.h"
#include "kith/ua/endpoint.h"

namespace kith::play {

/// What a device is and does.
struct Habits {
  std::string user = "alice";  // @example.com
  std::string epid{};          // empty: a plain RFC 3261 client
  bool kerberos = true;        // or Digest
  Transport transport = Transport::tcp;
  event::Extensions extensions{.benotify = true, .piggyback = true, .autoextend = true};
  std::size_t shard = 0;         // whose address it connects to
  bool inside_dialog = false;    // SERVICE within the dialog of the subscription
  std::uint32_t expires = 3600;  // of the subscription, seconds
  std::uint32_t registers = 7200;
  Time ticket_ends = never;
  std::string call_id{};  // of every REGISTER; empty: a new one for each sign-in
};

/// How an operation ended, as far as the device knows.
enum class Fate : std::uint8_t { in_flight, done, refused, unknown };

/// A scripted client: it signs in, subscribes to its list, operates on it, follows the deltas, and
/// looks at every signature. What it hears is put into words, one line an event.
class Device final : public sim::Node {
 public:
  using Hear = std::function<void(const std::string& line)>;
  /// An operation of this number is over.
  using Ended = std::function<void(std::uint64_t operation, int status)>;

  Device(sim::World& world, std::string name, const Address& address, Habits habits);

  const std::string& name() const { return name_; }
  const Address& address() const { return address_; }
  Habits& habits() { return habits_; }
  std::string aor() const { return habits_.user + "@example.com"; }
  void on_event(Hear hear) { hear_ = std::move(hear); }
  void on_ended(Ended ended) { ended_ = std::move(ended); }

  void sign_in(Time now);
  /// A new Kerberos ticket, for the next sign-in.
  void take_ticket(Time ends);
  void sign_out(Time now);
  void subscribe(Time now);
  void refresh(Time now);
  void unsubscribe(Time now);
  void fetch(Time now);
  /// A SERVICE with this body; `operation` names it to on_ended(). False: nothing could be sent.
  bool operate(const std::string& body, std::uint64_t operation, Time now);
  /// Another request of its own making, for scenarios.
  void send(sip::Message message, Time now);
  /// As a request of this device has them: Via is added, credentials are, too.
  sip::Message request(std::string_view method, std::string_view uri) const;

  bool is_connected() const { return flow_.has_value(); }
  bool is_signed_in() const { return signed_in_; }
  bool is_subscribed() const { return dialog_.has_value() && !dialog_->remote_tag.empty(); }
  bool awaits_answer() const { return !pending_.empty() || !after_sign_in_.empty(); }
  const std::optional<contacts::List>& list() const { return list_; }
  /// Its list may not be the server's: a delta was missing.
  bool is_out_of_step() const { return out_of_step_; }
  void disconnect(Time now);

  /// What no fault explains; empty: nothing.
  const std::vector<std::string>& violations() const { return violations_; }
  ua::Counts counts() const { return endpoint_.counts(); }

  // sim::Node
  void opened(const Flow& flow, Time now) override { endpoint_.opened(flow, now); }
  void receive(const Flow& flow, std::string_view bytes, Time now) override;
  void closed(const Flow& flow, std::error_code why, Time now) override;
  void tick(Time now) override { endpoint_.tick(now); }
  Time next_deadline() const override { return endpoint_.next_deadline(); }
  std::optional<ua::Output> poll() override { return endpoint_.poll(); }
  void hear(ua::Notice notice, Time now) override;

 private:
  enum class Kind : std::uint8_t {
    sign_in,
    sign_out,
    subscribe,
    refresh,
    unsubscribe,
    fetch,
    service,
    other
  };
  struct Pending {
    Kind kind;
    sip::Message request;  // without credentials
    std::uint64_t operation = 0;
    int tries = 0;
    sip::Message sent{};
  };
  struct Dialog {
    std::string call_id;
    std::string local_tag;
    std::string remote_tag;
    std::uint32_t sequence = 1;
    std::uint32_t remote_sequence = 0;
  };

  bool connect(Time now);
  void submit(Pending pending, Time now);
  void ask_registrar(Kind kind, std::uint32_t expires, Time now);
  sip::Message subscription(std::uint32_t expires) const;
  sip::Message inside(std::string_view method);
  void answered(Pending pending, const sip::Message& response, Time now);
  void challenged(Pending pending, const sip::Message& response, Time now);
  void signed_in_now(Time now);
  void ended(const Pending& pending, int status);
  void subscribed(const sip::Message& response);
  void notified(const ua::RequestReceived& received, Time now);
  void respond(const ua::RequestReceived& received, int status, Time now);
  void take(std::string_view document, std::string_view how);
  void forget_session();
  void not_signed_in();
  void say(const std::string& line) const {
    if (hear_) hear_(line);
  }
  void violate(const std::string& what);

  sim::World& world_;
  std::string name_;
  Address address_;
  Habits habits_;
  SeededRandom random_;
  ua::Endpoint endpoint_;
  std::optional<auth::testing::HmacInitiator> initiator_;
  auth::ClientAuthenticator credentials_;
  Hear hear_;
  Ended ended_;
  std::optional<Flow> flow_;
  std::map<ua::TransactionId, Pending> pending_;
  std::vector<Pending> after_sign_in_;
  std::optional<Dialog> dialog_;
  std::optional<contacts::List> list_;
  std::vector<std::string> violations_;
  std::string call_id_;
  std::string tag_;
  std::uint32_t sequence_ = 0;
  bool signed_in_ = false;
  bool signing_in_ = false;
  bool out_of_step_ = false;
};

}  // namespace kith::play
