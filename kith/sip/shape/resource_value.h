#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/base/text.h"
#include "kith/sip/header.h"

namespace kith::sip {

/// A header whose values are r-value = namespace "." r-priority, each a token without a dot:
/// RFC 4412 §3.1
template <class Name, class Text>
struct ResourceValue {
  static constexpr HeaderName name = Name::name;
  using View = ResourceValue<Name, std::string_view>;
  using Value = ResourceValue<Name, std::string>;

  Text name_space{};  // "namespace" is a word of C++
  Text priority{};

  static std::optional<ResourceValue> parse(Scanner& in) { return parse_as<ResourceValue>(in); }
  void write(Writer& out) const { out << name_space << '.' << priority; }
  static auto tie(auto& self) { return std::tie(self.name_space, self.priority); }
  bool operator==(const ResourceValue&) const = default;
};

/// token-nodot "." token-nodot, the same in both modes: RFC 4412 §3.1
bool read_resource_value(Scanner& in, std::string_view& name_space, std::string_view& priority);

/// Any two tokens are a namespace and a priority, registered or not.
template <class Name>
bool read(Scanner& in, ResourceValue<Name, std::string_view>& to) {
  return read_resource_value(in, to.name_space, to.priority);
}

/// The same value in any case, in either header: RFC 3261 §7.3.1
template <class NameA, class TextA, class NameB, class TextB>
bool equivalent(const ResourceValue<NameA, TextA>& a, const ResourceValue<NameB, TextB>& b) {
  return equal_ignoring_case(a.name_space, b.name_space) &&
         equal_ignoring_case(a.priority, b.priority);
}

}  // namespace kith::sip
