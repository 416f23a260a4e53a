#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "kith/base/siphash.h"
#include "kith/base/text.h"
#include "kith/base/timer_wheel.h"
#include "kith/dialog/dialog.h"
#include "kith/dialog/repetition.h"
#include "kith/dialog/session_timer.h"
#include "kith/transaction/transactions.h"
#include "kith/ua/user_agent.h"

namespace kith::ua {

/// Something of ours that waits for its ACK or PRACK.
struct Waiting {
  TransactionId invite;
  std::uint32_t number = 0;  // CSeq of the INVITE, or RSeq
  sip::Message response;
  dialog::Repetition repetition;
};

/// A reliable provisional response of ours that our final one overtook: its PRACK may yet come.
struct Overtaken {
  std::uint32_t number = 0;    // RSeq
  std::uint32_t sequence = 0;  // CSeq of the INVITE
};

/// The reliable provisional responses of the peer to one INVITE of ours: RFC 3262 §4.
struct ReliableOfPeer {
  std::uint32_t sequence = 0;      // CSeq of the INVITE
  std::uint32_t received = 0;      // RSeq of the last that was passed up
  std::uint32_t acknowledged = 0;  // of the last that had our PRACK
};

/// The 2xx of the peer that ack() is for: to the last INVITE of ours that had one.
struct Answered {
  TransactionId invite;
  std::uint32_t sequence = 0;
  // Headers of the INVITE that its ACK repeats: name and value.
  std::vector<std::pair<std::string, std::string>> credentials{};
  bool acknowledged = false;
  Time acknowledge_by = never;
};

/// RFC 5057 §4.1: one usage of the dialog by a subscription.
struct SubscriptionUsage {
  std::string event;  // event_of() what asked for it
  dialog::Side asked = dialog::Side::ours;
  Time until = never;
};

/// A SUBSCRIBE or REFER of ours within the dialog that has no final response.
struct SubscriptionAsked {
  TransactionId transaction;
  std::string event;
};

/// A dialog and what goes on in it.
struct Talk {
  dialog::Dialog dialog;
  Flow flow;
  std::optional<TransactionId> made_by{};  // until that has a final response
  bool session = false;                    // RFC 5057 §4.1: the usage by an INVITE
  bool survives_bye = false;
  bool replaced = false;                      // by an INVITE that was accepted: RFC 3891 §3
  bool hung_up = false;                       // by a BYE of ours
  std::optional<TransactionId> our_invite{};  // without a final response
  std::optional<TransactionId> their_invite{};
  std::optional<TransactionId> refused_invite{};  // the last of theirs: its ACK may be missing
  std::optional<Waiting> unacknowledged{};        // our 2xx
  std::optional<Waiting> reliable{};              // our reliable provisional response
  std::optional<Overtaken> overtaken{};
  ReliableOfPeer reliable_of_peer{};
  std::optional<Answered> answered{};
  std::vector<SubscriptionUsage> subscriptions{};
  std::vector<SubscriptionAsked> subscribing{};
  std::array<std::optional<std::uint32_t>, 2> first_refer{};  // its CSeq, by who sent it
  Time early_until = never;
  Time bye_until = never;  // our BYE was challenged: until then another may follow
  dialog::SessionTimer session_timer{};

  Time deadline() const;
  /// RFC 3261 §15.1.1: a BYE of ours is on its way.
  void hangs_up();
  /// RFC 3261 §22.2: it wants credentials, and another may have them.
  void challenged(Time until);
  /// RFC 3261 §15.1.1, RFC 5057 §4.1: whether a BYE of ours has ended what such a request is of.
  bool is_over_for(std::string_view method) const;
  bool owes_ack() const { return answered && !answered->acknowledged; }
  bool in_use() const { return session || !ends_by_bye(); }
  bool ends_by_bye() const { return !survives_bye && subscriptions.empty(); }
  /// RFC 3515 §2.4.6: of all REFERs of one side, the NOTIFYs about the first that was accepted may
  /// go without an id.
  void refer_accepted(std::uint32_t sequence, dialog::Side asked);
  /// That which this side asked for.
  SubscriptionUsage* subscription(std::string_view event, dialog::Side asked);
  /// A request of ours: it is no SubscriptionAsked any more.
  void has_answer(TransactionId request);
  void end_subscription(std::string_view event, dialog::Side asked);
  /// Whether another subscription of that event, if it is another, is within the limit.
  bool has_room(std::string_view event, dialog::Side asked, const UserAgentLimits& limits) const;
  /// RFC 6665 §4.1.3: whether a NOTIFY of that event belongs to something that we asked for.
  bool expects(std::string_view event) const;

 private:
  std::string with_id(std::string_view event, dialog::Side asked) const;
};

/// Hashes what peers wrote so that nobody who does not know the key can make it collide.
struct KeyedHash {
  transaction::HashKey secret;
  std::size_t operator()(const std::string& text) const { return siphash(as_bytes(text), secret); }
};

/// The dialogs of one user agent, found by their id, or by Call-ID and tags, and their timers.
class Talks {
 public:
  explicit Talks(const transaction::HashKey& secret) : by_name_(0, KeyedHash{secret}) {}

  DialogId add(Talk talk);
  /// Nothing for one that is gone.
  Talk* find(DialogId id);
  const Talk* find(DialogId id) const;
  std::optional<DialogId> find(std::string_view call_id, std::string_view local_tag,
                               std::string_view remote_tag) const;
  /// To be called when something in it has changed.
  void arm(DialogId id);
  Talk take(DialogId id);

  /// One whose deadline has come.
  std::optional<DialogId> expired(Time now);
  Time next_deadline() const { return wheel_.next(); }
  std::size_t size() const { return by_name_.size(); }

 private:
  struct Slot {
    std::optional<Talk> talk{};
    std::uint32_t generation = 1;
  };
  static std::string name_of(std::string_view call_id, std::string_view local_tag,
                             std::string_view remote_tag);
  static DialogId id_of(std::uint32_t index, std::uint32_t generation);
  std::optional<std::uint32_t> index_of(DialogId id) const;

  std::deque<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::unordered_map<std::string, DialogId, KeyedHash> by_name_;
  TimerWheel wheel_;
};

}  // namespace kith::ua
