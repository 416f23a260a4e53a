#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/base/text.h"
#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// A media type with parameters: type SLASH subtype *( SEMI parameter ); RFC 3261 §25.1
/// Type and subtype as they came; is() compares as they must be, without regard to case.
template <class Name, class Text>
struct MediaType {
  static constexpr HeaderName name = Name::name;
  using View = MediaType<Name, std::string_view>;
  using Value = MediaType<Name, std::string>;

  Text type{};
  Text subtype{};
  BasicParams<Text, ';'> params{};

  /// is("application/SOAP+xml")
  bool is(std::string_view full) const {
    return full.size() == type.size() + subtype.size() + 1 && full[type.size()] == '/' &&
           equal_ignoring_case(full.substr(0, type.size()), type) &&
           equal_ignoring_case(full.substr(type.size() + 1), subtype);
  }

  static std::optional<MediaType> parse(Scanner& in) { return parse_as<MediaType>(in); }
  void write(Writer& out) const {
    out << type << '/' << subtype;
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.type, self.subtype, self.params); }
  bool operator==(const MediaType&) const = default;
};

template <class Name>
bool read(Scanner& in, MediaType<Name, std::string_view>& to) {
  return in.token(to.type) && in.separator('/') && in.token(to.subtype) && read(in, to.params);
}

}  // namespace kith::sip
