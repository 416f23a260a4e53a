#pragma once

#include "kith/base/result.h"
#include "kith/sip/message.h"

namespace kith::transaction {

/// The ACK by which an INVITE's own transaction answers 300 to 699: RFC 3261 §17.1.1.3.
Result<sip::Message> ack_for(const sip::Message& invite, const sip::Message& response);

/// The CANCEL for an INVITE that was sent: RFC 3261 §9.1.
Result<sip::Message> cancel_for(const sip::Message& invite);

}  // namespace kith::transaction
