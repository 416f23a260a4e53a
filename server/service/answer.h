#pragma once

#include <string>
#include <string_view>

#include "kith/base/result.h"
#include "kith/event/package/roaming_contacts.h"
#include "kith/sip/check.h"
#include "server/service/caller.h"
#include "server/service/outcome.h"

namespace kith::service {

/// Why a request was refused, as ms-diagnostics tells it: a stable number and a sentence.
struct Diagnostic {
  int id = 0;
  std::string_view reason;
};

namespace diagnostics {
inline constexpr Diagnostic no_endpoint{4010, "Neither epid nor +sip.instance is present"};
inline constexpr Diagnostic wrong_register_event{4055,
                                                 "The Event of a REGISTER must be registration"};
}  // namespace diagnostics

/// The event packages served, for Allow-Events. Without blanks: SIPE splits at ",".
inline constexpr std::string_view packages_served = event::roaming_contacts.name;

/// Adds ms-diagnostics.
void add(sip::Message& response, const Diagnostic& diagnostic, const Settings& settings);

/// A response with a To tag and without body. RFC 3261 §8.2.6
sip::Message answer(const sip::Message& request, int status, std::string_view reason,
                    Random& random);
sip::Message answer(const Request& request, int status, std::string_view reason = {});

/// The same as an outcome that changes nothing.
Outcome refuse_with(const Request& request, int status, std::string_view reason = {});
Outcome refuse_with(const Request& request, int status, const Diagnostic& diagnostic);

/// A 400 (or what the fault asks for) whose reason phrase names the header and what is wrong.
Outcome refuse_with(const Request& request, const Error& error);
/// What the check of the whole message found, in its words.
Outcome refuse_with(const Request& request, const sip::Problem& problem);

/// 503 with Retry-After: RFC 3261 §21.5.4.
sip::Message try_later(const sip::Message& request, Random& random);

/// Our Contact as the peer of this flow reaches us.
std::string own_contact(const Settings& settings, const Flow& flow);

/// Whether a message with this body can leave on the flow: a datagram ends at 65,507 bytes.
bool fits(const Flow& flow, std::string_view body);

/// Whether To is the caller's own address of record.
bool is_to_self(const Request& request);

/// 423, and the shortest time that we grant: RFC 3261 §21.4.17.
Outcome too_brief(const Request& request, Duration shortest);

}  // namespace kith::service
