#pragma once

#include <compare>
#include <expected>
#include <string>
#include <string_view>

#include "kith/sip/message.h"
#include "kith/sip/uri.h"

namespace kith::auth {

/// Names a security association on a server: a user and a device of that user. An empty one names
/// none: what Digest authenticated has no association, and nothing to that device is signed.
struct SaRef {
  sip::Aor aor;
  std::string epid;  // lower case; of a client without epid the UUID of its +sip.instance

  auto operator<=>(const SaRef&) const = default;
  bool empty() const { return epid.empty(); }
};

/// The UUID that a client with this epid has as its +sip.instance: name-based, lower case.
/// [MS-SIPRE] §3.2.3.1
std::string instance_of_epid(std::string_view epid);

/// 1 to 16 hexadecimal digits.
bool is_epid(std::string_view text);

/// The device that sent a request: From address and epid, or where epid is missing the
/// `+sip.instance` of Contact. Otherwise a sentence that says what is missing or does not belong
/// together.
std::expected<SaRef, std::string_view> endpoint_of(const sip::Message& request);

}  // namespace kith::auth
