#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"
#include "kith/sip/shape/event_type.h"

namespace kith::sip {

/// Allow-Events = event-type *( COMMA event-type )
/// RFC 6665 §8.2.2
template <class Text>
struct BasicAllowEvents {
  static constexpr HeaderName name{.full = "Allow-Events", .compact = 'u', .multi = true};
  using View = BasicAllowEvents<std::string_view>;
  using Value = BasicAllowEvents<std::string>;

  Text package{};  // the whole event-type, templates and all

  std::string_view event_package() const { return event_package_of(package); }
  std::string_view event_template() const { return event_template_of(package); }

  static std::optional<BasicAllowEvents> parse(Scanner& in) {
    return parse_as<BasicAllowEvents>(in);
  }
  void write(Writer& out) const { out << package; }
  static auto tie(auto& self) { return std::tie(self.package); }
  bool operator==(const BasicAllowEvents&) const = default;
};

using AllowEvents = BasicAllowEvents<std::string>;
using AllowEventsView = BasicAllowEvents<std::string_view>;
/// One event-type of the list; lenient notes one with nothing before, between or after its dots.
bool read(Scanner& in, AllowEventsView& to);
static_assert(Header<AllowEvents>);

}  // namespace kith::sip
