#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// P-Media-Authorization       = P-Media-Authorization-Token *( COMMA P-Media-Authorization-Token )
/// P-Media-Authorization-Token = 1*HEXDIG
/// RFC 3313 §5.1
template <class Text>
struct BasicPMediaAuthorization {
  static constexpr HeaderName name{.full = "P-Media-Authorization", .multi = true};
  using View = BasicPMediaAuthorization<std::string_view>;
  using Value = BasicPMediaAuthorization<std::string>;

  Text token{};  // hexadecimal digits, as they came

  static std::optional<BasicPMediaAuthorization> parse(Scanner& in) {
    return parse_as<BasicPMediaAuthorization>(in);
  }
  void write(Writer& out) const { out << token; }
  static auto tie(auto& self) { return std::tie(self.token); }
  bool operator==(const BasicPMediaAuthorization&) const = default;
};

using PMediaAuthorization = BasicPMediaAuthorization<std::string>;
using PMediaAuthorizationView = BasicPMediaAuthorization<std::string_view>;
bool read(Scanner& in, PMediaAuthorizationView& to);
static_assert(Header<PMediaAuthorization>);

}  // namespace kith::sip
