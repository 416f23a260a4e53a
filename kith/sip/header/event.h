#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// Event = event-type *( SEMI event-param )
/// event-type = event-package *( "." event-template )
/// RFC 6665 §8.2.1; package and id compare byte by byte
template <class Text>
struct BasicEvent {
  static constexpr HeaderName name{.full = "Event", .compact = 'o'};
  using View = BasicEvent<std::string_view>;
  using Value = BasicEvent<std::string>;

  Text package{};
  BasicParams<Text, ';'> params{};

  std::optional<std::string_view> id() const { return params.find("id"); }

  static std::optional<BasicEvent> parse(Scanner& in) { return parse_as<BasicEvent>(in); }
  void write(Writer& out) const {
    out << package;
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.package, self.params); }
  bool operator==(const BasicEvent&) const = default;
};

using Event = BasicEvent<std::string>;
using EventView = BasicEvent<std::string_view>;
bool read(Scanner& in, EventView& to);
static_assert(Header<Event>);

}  // namespace kith::sip
