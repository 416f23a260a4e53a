#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"
#include "kith/sip/shape/name_addr.h"
#include "kith/sip/shape/param_rules.h"
#include "kith/sip/uri.h"

namespace kith::sip {

/// A header whose values are URIs in angle brackets with parameters, without a display name:
/// LAQUOT absoluteURI RAQUOT *( SEMI generic-param )
/// Name says which of the parameters below it has, by a constant, and what URIs it takes, by
/// takes(). RFC 3261 §20.9 warns of fetching what a stranger points at.
template <class Name, class Text>
struct BracketedUri {
  static constexpr HeaderName name = Name::name;
  using View = BracketedUri<Name, std::string_view>;
  using Value = BracketedUri<Name, std::string>;

  BasicUri<Text> uri{};
  BasicParams<Text, ';'> params{};

  /// "icon", "info", "card" or another token: RFC 3261 §20.9
  std::optional<std::string_view> purpose() const
    requires(Name::has_purpose)
  {
    return params.find("purpose");
  }
  /// By custom: what is wrong, in words.
  std::optional<std::string_view> message() const
    requires(Name::has_message)
  {
    return params.find("message");
  }
  /// The algorithm of the signature, a token: RFC 4474 §9
  std::optional<std::string_view> alg() const
    requires(Name::has_alg)
  {
    return params.find("alg");
  }
  /// The host that added the location: RFC 8787 §4
  std::optional<std::string_view> loc_src() const
    requires(Name::has_loc_src)
  {
    return params.find("loc-src");
  }

  static std::optional<BracketedUri> parse(Scanner& in) { return parse_as<BracketedUri>(in); }
  void write(Writer& out) const {
    write_address(out, {}, uri);
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.uri, self.params); }
  bool operator==(const BracketedUri&) const = default;
};

/// Refuses a URI that Name does not take, and an alg that is no token where it has one, in both
/// modes.
template <class Name>
bool read(Scanner& in, BracketedUri<Name, std::string_view>& to) {
  if (!read_bracketed_uri(in, to.uri)) return false;
  if constexpr (requires { Name::takes(to.uri); })
    if (!Name::takes(to.uri)) return false;
  if (!read(in, to.params)) return false;
  if constexpr (requires { Name::has_alg; }) return holds_if_there(to.params, "alg", is_token);
  return true;
}

}  // namespace kith::sip
