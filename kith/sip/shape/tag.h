#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/base/text.h"
#include "kith/sip/header.h"

namespace kith::sip {

/// A header whose values are tokens that name something of the sender's, such as an option-tag
/// (RFC 3261 §25.1) or an entity-tag (RFC 3903 §12).
template <class Name, class Text>
struct Tag {
  static constexpr HeaderName name = Name::name;
  using View = Tag<Name, std::string_view>;
  using Value = Tag<Name, std::string>;

  Text tag{};

  static std::optional<Tag> parse(Scanner& in) { return parse_as<Tag>(in); }
  void write(Writer& out) const { out << tag; }
  static auto tie(auto& self) { return std::tie(self.tag); }
  bool operator==(const Tag&) const = default;
};

/// Any token is a tag, registered or not.
template <class Name>
bool read(Scanner& in, Tag<Name, std::string_view>& to) {
  return in.token(to.tag);
}

/// The same option-tag in any case, in any of the headers that list them: RFC 3261 §7.3.1. There is
/// none for entity-tags, which are compared byte by byte.
template <class NameA, class TextA, class NameB, class TextB>
  requires(NameA::is_option_tag && NameB::is_option_tag)
bool equivalent(const Tag<NameA, TextA>& a, const Tag<NameB, TextB>& b) {
  return equal_ignoring_case(a.tag, b.tag);
}

}  // namespace kith::sip
