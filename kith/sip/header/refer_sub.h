#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// Refer-Sub = ( "true" / "false" ) *( SEMI exten )
/// RFC 4488 §4: false asks for no subscription, or says that there is none
template <class Text>
struct BasicReferSub {
  static constexpr HeaderName name{.full = "Refer-Sub"};
  using View = BasicReferSub<std::string_view>;
  using Value = BasicReferSub<std::string>;

  bool value = true;
  BasicParams<Text, ';'> params{};

  static std::optional<BasicReferSub> parse(Scanner& in) { return parse_as<BasicReferSub>(in); }
  void write(Writer& out) const {
    out << (value ? "true" : "false");
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.value, self.params); }
  bool operator==(const BasicReferSub&) const = default;
};

using ReferSub = BasicReferSub<std::string>;
using ReferSubView = BasicReferSub<std::string_view>;
/// Takes its two words in any case, and refuses every other in both modes.
bool read(Scanner& in, ReferSubView& to);
static_assert(Header<ReferSub>);

}  // namespace kith::sip
