#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// A challenge or credentials: auth-scheme LWS auth-param *( COMMA auth-param ); RFC 3261 §20.44.
/// A comma is part of the grammar, so each stands on a line of its own: RFC 3261 §7.3.1
/// Authentication-Info has no scheme in RFC 7615; SIP servers of Microsoft put one first.
template <class Name, class Text>
struct AuthHeader {
  static constexpr HeaderName name = Name::name;
  using View = AuthHeader<Name, std::string_view>;
  using Value = AuthHeader<Name, std::string>;

  Text scheme{};
  BasicParams<Text, ','> params{};

  static std::optional<AuthHeader> parse(Scanner& in) { return parse_as<AuthHeader>(in); }
  void write(Writer& out) const {
    out << scheme;
    if (!scheme.empty()) out << ' ';
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.scheme, self.params); }
  bool operator==(const AuthHeader&) const = default;
};

/// Whether the scheme may be absent.
enum class Scheme : std::uint8_t { required, optional };
bool read_auth(Scanner& in, std::string_view& scheme, AuthParamsView& params, Scheme need);

template <class Name>
bool read(Scanner& in, AuthHeader<Name, std::string_view>& to) {
  return read_auth(in, to.scheme, to.params, Name::scheme);
}

}  // namespace kith::sip
