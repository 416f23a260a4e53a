#pragma once

#include <optional>

#include "kith/base/result.h"
#include "kith/sip/header/call_id.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/header/from.h"
#include "kith/sip/header/to.h"
#include "kith/sip/header/via.h"
#include "kith/sip/message.h"

namespace kith::sip {

/// What a message must have (RFC 3261 §8.1.1), but for Max-Forwards, which many leave out. Views
/// into the message: whoever passes it on reads them once.
struct MandatoryHeaders {
  ViaView via;  // the top one
  FromView from;
  ToView to;
  CallIdView call_id;
  CSeqView cseq;
};

/// As first_fault(message), and fills `headers`; where there is a fault, up to that.
std::optional<Error> first_fault(const Message& message, MandatoryHeaders& headers);

}  // namespace kith::sip
