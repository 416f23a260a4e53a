#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "kith/sip/header/contact.h"
#include "kith/sip/header/from.h"
#include "kith/sip/header/route.h"
#include "kith/sip/header/to.h"
#include "kith/sip/header/via.h"
#include "kith/sip/message.h"
#include "kith/sip/uri.h"

namespace kith::sip {

/// What a request outside of a dialog is made of: RFC 3261 §8.1.1. The three texts that must be
/// random come from the caller.
struct NewRequest {
  std::string_view method;
  Uri uri;                  // the Request-URI
  From from;                // `from_tag` becomes its tag
  Via via;                  // `branch` becomes its branch
  To to{};                  // of no host or text: the Request-URI; RFC 3261 §8.1.1.1
  std::string_view branch;  // the magic cookie is put before it if it is not there
  std::string_view from_tag;
  std::string_view call_id;
  std::uint32_t sequence = 1;  // below 2**31
  std::uint8_t max_forwards = 70;
  std::vector<Route> routes{};
  std::optional<Contact> contact{};
};

/// The request, headers for proxies first (RFC 3261 §7.3.1): Via, Route, Max-Forwards, From, To,
/// Call-ID, CSeq, Contact.
Message build(const NewRequest& parts);

}  // namespace kith::sip
