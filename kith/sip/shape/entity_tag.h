#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"

namespace kith::sip {

/// A header that is one entity-tag, which is a token: RFC 3903 §11.3.1
/// Compared byte by byte; only who made it can tell what it means.
template <class Name, class Text>
struct EntityTag {
  static constexpr HeaderName name = Name::name;
  using View = EntityTag<Name, std::string_view>;
  using Value = EntityTag<Name, std::string>;

  Text tag{};

  static std::optional<EntityTag> parse(Scanner& in) { return parse_as<EntityTag>(in); }
  void write(Writer& out) const { out << tag; }
  static auto tie(auto& self) { return std::tie(self.tag); }
  bool operator==(const EntityTag&) const = default;
};

template <class Name>
bool read(Scanner& in, EntityTag<Name, std::string_view>& to) {
  return in.token(to.tag);
}

}  // namespace kith::sip
