#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// References = callid *( SEMI ( "rel" EQUAL token / generic-param ) )
/// draft-worley-references: dialogs that this one has to do with
template <class Text>
struct BasicReferences {
  static constexpr HeaderName name{.full = "References"};
  using View = BasicReferences<std::string_view>;
  using Value = BasicReferences<std::string>;

  Text call_id{};
  BasicParams<Text, ';'> params{};

  /// "chain", "inquiry", "refer", "sequel", "xfer", "service" or a token.
  std::optional<std::string_view> rel() const { return params.find("rel"); }

  static std::optional<BasicReferences> parse(Scanner& in) { return parse_as<BasicReferences>(in); }
  void write(Writer& out) const {
    out << call_id;
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.call_id, self.params); }
  bool operator==(const BasicReferences&) const = default;
};

using References = BasicReferences<std::string>;
using ReferencesView = BasicReferences<std::string_view>;
/// Refuses a rel that is no token, or stands there twice, in both modes.
bool read(Scanner& in, ReferencesView& to);
static_assert(Header<References>);

}  // namespace kith::sip
