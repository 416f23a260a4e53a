#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"
#include "kith/sip/uri.h"

namespace kith::sip {

/// A header whose values are URIs in angle brackets with parameters, without a display name:
/// LAQUOT absoluteURI RAQUOT *( SEMI generic-param )
template <class Name, class Text>
struct BracketedUri {
  static constexpr HeaderName name = Name::name;
  using View = BracketedUri<Name, std::string_view>;
  using Value = BracketedUri<Name, std::string>;

  BasicUri<Text> uri{};
  BasicParams<Text, ';'> params{};

  /// The algorithm of the signature: RFC 4474 §9
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
    out << '<';
    uri.write(out);
    out << '>';
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.uri, self.params); }
  bool operator==(const BracketedUri&) const = default;
};

bool read_bracketed_uri(Scanner& in, UriView& uri, ParamsView& params);

template <class Name>
bool read(Scanner& in, BracketedUri<Name, std::string_view>& to) {
  return read_bracketed_uri(in, to.uri, to.params);
}

}  // namespace kith::sip
