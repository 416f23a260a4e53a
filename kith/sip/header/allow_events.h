#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// Allow-Events = event-type *( COMMA event-type )
/// RFC 6665 §8.2.2
template <class Text>
struct BasicAllowEvents {
  static constexpr HeaderName name{
      .full = "Allow-Events", .compact = 'u', .multi = true, .may_be_empty = true};
  using View = BasicAllowEvents<std::string_view>;
  using Value = BasicAllowEvents<std::string>;

  Text package{};

  static std::optional<BasicAllowEvents> parse(Scanner& in) {
    return parse_as<BasicAllowEvents>(in);
  }
  void write(Writer& out) const { out << package; }
  static auto tie(auto& self) { return std::tie(self.package); }
  bool operator==(const BasicAllowEvents&) const = default;
};

using AllowEvents = BasicAllowEvents<std::string>;
using AllowEventsView = BasicAllowEvents<std::string_view>;
bool read(Scanner& in, AllowEventsView& to);
static_assert(Header<AllowEvents>);

}  // namespace kith::sip
