#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/sip/header.h"

namespace kith::sip {

/// Privacy-hdr = priv-value *( ";" priv-value )
/// priv-value  = "header" / "session" / "user" / "none" / "critical" / token
/// RFC 3323 §4.2; "id" is of RFC 3325 §9.3. No value stands twice, and "none" stands alone.
template <class Text>
struct BasicPrivacy {
  static constexpr HeaderName name{.full = "Privacy"};
  using View = BasicPrivacy<std::string_view>;
  using Value = BasicPrivacy<std::string>;

  Text text{};  // "user;id"

  /// In any case.
  bool has(std::string_view value) const;
  std::vector<std::string_view> values() const;
  /// Adds the value if it is not there.
  void add(std::string_view value)
    requires Owning<Text>;

  static std::optional<BasicPrivacy> parse(Scanner& in) { return parse_as<BasicPrivacy>(in); }
  void write(Writer& out) const;
  bool operator==(const BasicPrivacy& other) const { return values() == other.values(); }
};

using Privacy = BasicPrivacy<std::string>;
using PrivacyView = BasicPrivacy<std::string_view>;
/// When strict, a value given twice is `duplicate`; lenient notes it, and "none" beside others.
bool read(Scanner& in, PrivacyView& to);
/// As it is written: with ";" alone between the values.
Privacy own(const PrivacyView& view);
static_assert(Header<Privacy>);

}  // namespace kith::sip
