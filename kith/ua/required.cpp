#include "kith/ua/required.h"

#include "kith/base/text.h"
#include "kith/sip/header/require.h"
#include "kith/sip/header/unsupported.h"
#include "kith/sip/method.h"

namespace kith::ua {

std::optional<sip::Message> refuse_required(const sip::Message& request,
                                            std::span<const std::string_view> supported) {
  if (request.method() == sip::method::ack || request.method() == sip::method::cancel)
    return std::nullopt;
  sip::Message response = sip::Message::response(request, 420);
  const auto each = [&](const sip::RequireView& required) {
    for (const std::string_view tag : supported)
      if (equal_ignoring_case(tag, required.tag)) return;
    response.add(sip::Unsupported{std::string{required.tag}});
  };
  // What cannot be read is not known to be supported.
  if (!request.each<sip::Require>(each)) return sip::Message::response(request, 400);
  if (!response.has<sip::Unsupported>()) return std::nullopt;
  return response;
}

}  // namespace kith::ua
