#include "kith/sip/header/geolocation_routing.h"

namespace kith::sip {

bool GeolocationRoutingName::take(Scanner& in, std::string_view& value) {
  const char* const start = in.position();
  std::string_view part;
  if (!in.token(part)) return false;
  if (in.separator('=') && !(in.peek() == '"' ? in.quoted(part) : in.token(part))) return false;
  value = in.since(start);
  return true;
}

}  // namespace kith::sip
