#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/result.h"
#include "kith/sip/message.h"

namespace kith::dialog {

/// RFC 3261 §12: early after a provisional response with a tag, confirmed after a 2xx.
enum class State : std::uint8_t { early, confirmed, terminated };

/// Who sent the request that made the dialog.
enum class Role : std::uint8_t { caller, callee };

/// How the CSeq of a request of the peer stands to the one before: RFC 3261 §12.2.2.
enum class Order : std::uint8_t { next, repeated, late };

/// The largest CSeq number: RFC 3261 §8.1.1.5.
inline constexpr std::uint32_t sequence_max = 0x7fffffff;

/// RFC 3261 §12.2: only these say anew where the peer is. A SERVICE carries a Contact, too.
bool refreshes_target(std::string_view method);

/// What two user agents remember of each other between requests: RFC 3261 §12. A value; who holds
/// it sends what `request()` builds and shows it every request that arrives inside the dialog.
class Dialog {
 public:
  /// The half of the one who answered: RFC 3261 §12.1.1. Refused when the request lacks From,
  /// Call-ID, CSeq or a Contact to send to.
  static Result<Dialog> from_request(const sip::Message& request, std::string local_tag);
  /// The half of the one who asked: RFC 3261 §12.1.2. Refused when the response has no To tag.
  static Result<Dialog> from_response(const sip::Message& request, const sip::Message& response);

  const std::string& call_id() const { return call_id_; }
  const std::string& local_tag() const { return local_tag_; }
  const std::string& remote_tag() const { return remote_tag_; }
  /// Made by a NOTIFY that came before the 2xx (RFC 6665 §4.4.1): this side's SUBSCRIBE had the
  /// number given, and the NOTIFY itself is yet to be accepted.
  void begin_after(std::uint32_t sequence) {
    local_sequence_ = sequence;
    remote_sequence_known_ = false;
    role_ = Role::caller;
  }

  /// The URI in the peer's last Contact: where requests of this dialog go.
  const std::string& remote_target() const { return remote_target_; }
  /// From of our requests and To of them, as they are written, tags included.
  const std::string& local_party() const { return local_party_; }
  const std::string& remote_party() const { return remote_party_; }
  /// Each between brackets, in the order of our requests: RFC 3261 §12.1.
  const std::vector<std::string>& routes() const { return routes_; }
  std::uint32_t local_sequence() const { return local_sequence_; }
  /// Nothing before the first request of the peer.
  std::optional<std::uint32_t> remote_sequence() const {
    return remote_sequence_known_ ? std::optional{remote_sequence_} : std::nullopt;
  }
  Role role() const { return role_; }
  /// RFC 3261 §12.1.1: made by a request to a sips URI. Whether that came over TLS its holder
  /// knows.
  bool secure() const { return secure_; }
  State state() const { return state_; }
  void set_state(State state) { state_ = state; }

  /// Overrides the remote target by the address that the peer was seen at.
  void set_remote_target(std::string uri) { remote_target_ = std::move(uri); }

  /// A response to the request that made it (RFC 3261 §13.2.2.4: a 2xx says the routes anew). Only
  /// 2xx and provisional ones say anything.
  void answered(const sip::Message& response);
  /// A 2xx to a target refresh request inside: RFC 3261 §12.2.1.2. It confirms nothing.
  void refreshed(const sip::Message& response);

  /// Takes the next CSeq number without sending a request; for a notification that rides in a 200.
  std::uint32_t take_sequence() { return ++local_sequence_; }

  /// The next request of this side, without Via, Max-Forwards and Contact: RFC 3261 §12.2.1.1.
  sip::Message request(std::string_view method);
  /// As request(), but without CSeq.
  sip::Message outline(std::string_view method) const;
  /// The ACK for a 2xx to the INVITE of this number, without Via and Max-Forwards: RFC 3261
  /// §13.2.2.4.
  sip::Message ack(std::uint32_t sequence) const;
  /// Whether no CSeq number is left for request(): RFC 3261 §8.1.1.5.
  bool exhausted() const { return local_sequence_ >= sequence_max; }
  /// RFC 3261 §12.2.2
  Order order(std::uint32_t sequence) const;

  /// Whether a request of the peer comes in order: RFC 3261 §12.2.2. One that does not is answered
  /// 500. An accepted one sets the peer's sequence and, if it is a target refresh request with a
  /// Contact, the remote target.
  bool accept(const sip::Message& request);

  /// Whether the message carries this dialog's Call-ID and tags, seen from this side.
  bool matches_request(const sip::Message& request) const;

  bool operator==(const Dialog&) const = default;

 private:
  std::string call_id_;
  std::string local_tag_;
  std::string remote_tag_;
  std::string local_party_;   // From of our requests, tag included
  std::string remote_party_;  // To of our requests, tag and epid included
  std::string remote_target_;
  std::vector<std::string> routes_;
  std::uint32_t local_sequence_ = 0;
  std::uint32_t remote_sequence_ = 0;
  bool remote_sequence_known_ = false;
  bool secure_ = false;
  Role role_ = Role::callee;
  State state_ = State::confirmed;
};

}  // namespace kith::dialog
