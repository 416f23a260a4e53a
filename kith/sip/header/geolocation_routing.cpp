#include "kith/sip/header/geolocation_routing.h"

namespace kith::sip {

std::optional<GeolocationRouting> GeolocationRouting::parse(Scanner& in) {
  std::string_view word;
  if (!in.token(word)) return std::nullopt;
  if (equal_ignoring_case(word, "yes")) return GeolocationRouting{true};
  if (equal_ignoring_case(word, "no")) return GeolocationRouting{false};
  // Any other word: who does not know it must not look.
  if (in.allow("unknown word for a yes or no")) return GeolocationRouting{false};
  return std::nullopt;
}

}  // namespace kith::sip
