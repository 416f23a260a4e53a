#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/base/text.h"
#include "kith/sip/header.h"

namespace kith::sip {

/// A header that is text for people and logs; anything is accepted, blanks at its ends are not
/// kept.
template <class Name, class Text>
struct FreeText {
  static constexpr HeaderName name = Name::name;
  using View = FreeText<Name, std::string_view>;
  using Value = FreeText<Name, std::string>;

  Text text{};

  static std::optional<FreeText> parse(Scanner& in) { return parse_as<FreeText>(in); }
  void write(Writer& out) const { out << text; }
  static auto tie(auto& self) { return std::tie(self.text); }
  bool operator==(const FreeText&) const = default;
};

template <class Name>
bool read(Scanner& in, FreeText<Name, std::string_view>& to) {
  to.text = trim(in.rest());
  in.skip(in.rest().size());
  return true;
}

}  // namespace kith::sip
