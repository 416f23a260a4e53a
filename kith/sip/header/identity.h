#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// Identity = signed-identity-digest SEMI ident-info *( SEMI ident-info-params )
/// ident-info-params = "alg" EQUAL token / "ppt" EQUAL token / generic-param
/// RFC 8224 §4: a PASSporT and where its certificate is. There may be several, each on its own
/// line. The older form is a signature in quotes and nothing else: RFC 4474 §9, blanks in it where
/// RFC 4474 §10.1 folds it; in its drafts, and in RFC 4475 §3.1.1.11, without the quotes. Lenient
/// takes alg and ppt in quotes.
template <class Text>
struct BasicIdentity {
  static constexpr HeaderName name{.full = "Identity", .compact = 'y', .repeats = true};
  using View = BasicIdentity<std::string_view>;
  using Value = BasicIdentity<std::string>;

  Text digest{};        // a PASSporT, perhaps without its first two parts; or the signature
  bool quoted = false;  // the older form; then all below is empty, as in that of the drafts
  Text info{};          // the URI, without its angle brackets
  BasicParams<Text, ';'> params{};  // without info

  std::optional<std::string_view> alg() const { return params.find("alg"); }
  /// The type of the PASSporT: "shaken", for one.
  std::optional<std::string_view> ppt() const { return params.find("ppt"); }

  static std::optional<BasicIdentity> parse(Scanner& in) { return parse_as<BasicIdentity>(in); }
  void write(Writer& out) const;
  static auto tie(auto& self) { return std::tie(self.digest, self.quoted, self.info, self.params); }
  bool operator==(const BasicIdentity&) const = default;
};

using Identity = BasicIdentity<std::string>;
using IdentityView = BasicIdentity<std::string_view>;
/// In both modes a signature must be base64, and a PASSporT have its info, just once.
bool read(Scanner& in, IdentityView& to);
static_assert(Header<Identity>);

}  // namespace kith::sip
