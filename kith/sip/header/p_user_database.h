#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"
#include "kith/sip/uri.h"

namespace kith::sip {

/// P-User-Database = LAQUOT DiameterURI RAQUOT *( SEMI generic-param )
/// RFC 4457: where the data of the user is kept, so that nobody has to ask again
template <class Text>
struct BasicPUserDatabase {
  static constexpr HeaderName name{.full = "P-User-Database"};
  using View = BasicPUserDatabase<std::string_view>;
  using Value = BasicPUserDatabase<std::string>;

  BasicUri<Text> uri{};  // "aaa://" or "aaas://" and what follows
  BasicParams<Text, ';'> params{};

  static std::optional<BasicPUserDatabase> parse(Scanner& in) {
    return parse_as<BasicPUserDatabase>(in);
  }
  void write(Writer& out) const {
    out << '<';
    uri.write(out);
    out << '>';
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.uri, self.params); }
  bool operator==(const BasicPUserDatabase&) const = default;
};

using PUserDatabase = BasicPUserDatabase<std::string>;
using PUserDatabaseView = BasicPUserDatabase<std::string_view>;
bool read(Scanner& in, PUserDatabaseView& to);
static_assert(Header<PUserDatabase>);

}  // namespace kith::sip
