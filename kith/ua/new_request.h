#pragma once

#include <string_view>

#include "kith/base/random.h"
#include "kith/sip/message.h"

namespace kith::ua {

/// A request outside of dialogs with what RFC 3261 §8.1.1 wants in each, but for Via, which is put
/// on it when it is sent. `from` and `to` are URIs; the tag of From and Call-ID are random. One
/// that makes a dialog needs a Contact besides.
sip::Message new_request(std::string_view method, std::string_view from, std::string_view to,
                         Random& random);

}  // namespace kith::ua
