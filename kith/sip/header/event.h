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

/// Event = event-type *( SEMI event-param )
/// event-type = event-package *( "." event-template )
/// RFC 6665 §8.2.1; package and id compare byte by byte
template <class Text>
struct BasicEvent {
  static constexpr HeaderName name{.full = "Event", .compact = 'o'};
  using View = BasicEvent<std::string_view>;
  using Value = BasicEvent<std::string>;

  Text package{};  // the whole event-type, templates and all
  BasicParams<Text, ';'> params{};

  std::optional<std::string_view> id() const { return params.find("id"); }

  std::string_view event_package() const { return event_package_of(package); }
  std::string_view event_template() const { return event_template_of(package); }

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
/// Lenient notes an event-type with an empty part, and an id that is no token.
bool read(Scanner& in, EventView& to);
static_assert(Header<Event>);

/// Whether they speak of the same subscription: package and id byte by byte, and no id only matches
/// no id; RFC 6665 §8.2.1
template <class A, class B>
bool equivalent(const BasicEvent<A>& a, const BasicEvent<B>& b) {
  return std::string_view{a.package} == std::string_view{b.package} && a.id() == b.id();
}

}  // namespace kith::sip
