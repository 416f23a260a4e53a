#pragma once

#include <optional>

#include "kith/sip/header.h"

namespace kith::sip {

/// Geolocation-Routing = "yes" / "no"
/// RFC 6442 §4.2: whether those on the way may look at the location; absent means no
struct GeolocationRouting {
  static constexpr HeaderName name{.full = "Geolocation-Routing"};
  using View = GeolocationRouting;

  bool allowed = false;

  static std::optional<GeolocationRouting> parse(Scanner& in);
  void write(Writer& out) const { out << (allowed ? "yes" : "no"); }
  bool operator==(const GeolocationRouting&) const = default;
};
static_assert(Header<GeolocationRouting>);

}  // namespace kith::sip
