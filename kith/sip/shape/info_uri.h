#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"
#include "kith/sip/shape/name_addr.h"
#include "kith/sip/uri.h"

namespace kith::sip {

/// A URI at which there is more to see or hear: LAQUOT absoluteURI RAQUOT *( SEMI generic-param )
/// RFC 3261 §20.9 warns of fetching what a stranger points at.
template <class Name, class Text>
struct InfoUri {
  static constexpr HeaderName name = Name::name;
  using View = InfoUri<Name, std::string_view>;
  using Value = InfoUri<Name, std::string>;

  BasicUri<Text> uri{};
  BasicParams<Text, ';'> params{};

  /// Of Call-Info: "icon", "info", "card" or another token.
  std::optional<std::string_view> purpose() const { return params.find("purpose"); }
  /// Of Error-Info, by custom: what is wrong, in words.
  std::optional<std::string_view> message() const { return params.find("message"); }

  static std::optional<InfoUri> parse(Scanner& in) { return parse_as<InfoUri>(in); }
  void write(Writer& out) const {
    write_address(out, {}, uri);
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.uri, self.params); }
  bool operator==(const InfoUri&) const = default;
};

template <class Name>
bool read(Scanner& in, InfoUri<Name, std::string_view>& to) {
  return read_bracketed_uri(in, to.uri) && read(in, to.params);
}

}  // namespace kith::sip
