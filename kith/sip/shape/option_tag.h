#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"

namespace kith::sip {

/// A header whose values are option tags: option-tag = token; RFC 3261 §25.1
template <class Name, class Text>
struct OptionTag {
  static constexpr HeaderName name = Name::name;
  using View = OptionTag<Name, std::string_view>;
  using Value = OptionTag<Name, std::string>;

  Text tag{};

  static std::optional<OptionTag> parse(Scanner& in) { return parse_as<OptionTag>(in); }
  void write(Writer& out) const { out << tag; }
  static auto tie(auto& self) { return std::tie(self.tag); }
  bool operator==(const OptionTag&) const = default;
};

template <class Name>
bool read(Scanner& in, OptionTag<Name, std::string_view>& to) {
  return in.token(to.tag);
}

}  // namespace kith::sip
