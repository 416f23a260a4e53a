#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/flow.h"
#include "kith/base/random.h"
#include "kith/base/time.h"
#include "kith/sip/message.h"
#include "kith/sip/uri.h"

namespace kith::client {

/// One device of one user.
struct Device {
  sip::Uri user;     // scheme, user and host: sip:alice@example.com
  std::string epid;  // 1 to 16 hexadecimal digits, always the same for this device

  std::string uri() const { return user.to_string(); }
  /// From of a request, with a tag and the epid (SIP-AUTH-16).
  std::string from(std::string_view tag) const;
  /// <sip:alice@192.0.2.21:14010;maddr=192.0.2.21;transport=tcp>;proxy=replace: SIP-TRAN-06,
  /// SIP-TRAN-07
  std::string contact(const Flow& flow) const;
};

/// What a registrar granted.
struct Granted {
  Duration expires{};
  std::vector<std::string> events;       // Allow-Events
  std::optional<Duration> keep_alive{};  // what the server wants to hear CR LF CR LF at least after
};

/// The binding of a device at its registrar, as the device sees it: [MS-SIPREGE] §3.1. Requests are
/// without Via and credentials.
class Registration {
 public:
  Registration(Device device, Random& random);

  /// REGISTER; each call takes the next CSeq of the one Call-ID.
  sip::Message request(const Flow& flow);
  /// REGISTER with Expires: 0.
  sip::Message removal(const Flow& flow);

  enum class Answer {
    granted,
    lost,       // SIP-REG-09: a refresh made a new binding, so the old one had gone
    malformed,  // no Expires that one could refresh within
  };
  /// A 2xx to request().
  Answer answered(const sip::Message& response, Time now);

  const Granted& granted() const { return granted_; }
  bool active() const { return refresh_at_ != never; }
  /// Before the end of what was granted (SIP-REG-08): 30 s, or half of a short time.
  Time refresh_at() const { return refresh_at_; }
  void forget();
  std::string_view call_id() const { return call_id_; }

 private:
  Device device_;
  std::string call_id_;
  std::string tag_;
  std::uint32_t sequence_ = 0;
  Granted granted_;
  Time refresh_at_ = never;
};

}  // namespace kith::client
