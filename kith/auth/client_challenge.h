#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kith/sip/header/www_authenticate.h"
#include "kith/sip/message.h"

namespace kith::auth {

/// Who asks for credentials: the server itself (401) or a proxy on the way (407).
enum class Challenger { server, proxy };

/// The challenges of a 401 or 407, in the server's order of preference. Malformed ones are left
/// out.
struct Challenges {
  Challenger challenger = Challenger::server;
  std::vector<sip::WwwAuthenticate> values;

  static Challenges of(const sip::Message& response);
  /// The first of this scheme; null where there is none.
  const sip::WwwAuthenticate* find(std::string_view scheme) const;
};

/// Whether this is a 401 or 407.
bool is_challenge(const sip::Message& message);

/// "Authorization" or "Proxy-Authorization".
std::string_view credentials_header(Challenger challenger);

}  // namespace kith::auth
