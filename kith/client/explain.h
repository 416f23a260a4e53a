#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/auth/client_association.h"
#include "kith/auth/signature.h"
#include "kith/base/time.h"
#include "kith/sip/message.h"

namespace kith::client {

/// What the authentication headers of a message say, for people: scheme, numbers, and the very text
/// that was signed. `version` is the one in force, if a handshake has set it. Several lines, each
/// without its line end; empty where there is nothing to say.
std::string explain(const sip::Message& message, std::optional<auth::SignatureVersion> version);

/// The version of the first Kerberos challenge in a 401 or 407.
std::optional<auth::SignatureVersion> offered_version(const sip::Message& response);
/// Its targetname; empty where Kerberos is not offered.
std::string offered_target(const sip::Message& response);

/// The schemes that a 401 or 407 offers, in its order, each once: "Kerberos", "Digest".
std::vector<std::string> offered_schemes(const sip::Message& response);

/// "403 Forbidden (server: not on the list)": status, phrase, and what Warning or ms-diagnostics
/// add.
std::string why_refused(const sip::Message& response);

/// " in 5 s" as Retry-After has it, " later" without it; RFC 3261 §20.33.
std::string when_again(const sip::Message& response);

/// A sentence about clocks that differ by more than Kerberos allows; empty where they do not.
std::string clock_difference(const sip::Message& response, Time now);

/// What a message of the server is worth, for a trace.
std::string_view verdict(const auth::ServerCheck& check);

}  // namespace kith::client
