#include "kith/sip/header/geolocation_routing.h"

namespace kith::sip {

namespace {

/// gen-value = token / host / quoted-string, without the last: RFC 3261 §25.1
constexpr CharSet gen_value_chars = token_chars | CharSet{"[]:"};

}  // namespace

bool GeolocationRoutingName::take(Scanner& in, std::string_view& value) {
  const char* const start = in.position();
  std::string_view part;
  if (!in.token(part)) return false;
  if (in.separator('=') && !(in.peek() == '"' ? in.quoted(part) : in.run(gen_value_chars, part)))
    return false;
  value = in.since(start);
  return true;
}

}  // namespace kith::sip
