#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/result.h"
#include "kith/sip/message.h"

namespace kith::dialog {

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
  /// The URI in the peer's last Contact: where requests of this dialog go.
  const std::string& remote_target() const { return remote_target_; }
  std::uint32_t local_sequence() const { return local_sequence_; }

  /// Overrides the remote target by the address that the peer was seen at.
  void set_remote_target(std::string uri) { remote_target_ = std::move(uri); }

  /// Takes the next CSeq number without sending a request; for a notification that rides in a 200.
  std::uint32_t take_sequence() { return ++local_sequence_; }

  /// The next request of this side, without Via, Max-Forwards and Contact: RFC 3261 §12.2.1.1.
  sip::Message request(std::string_view method);

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
};

}  // namespace kith::dialog
