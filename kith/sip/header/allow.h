#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// Allow = [ Method *( COMMA Method ) ]
/// RFC 3261 §20.5
template <class Text>
struct BasicAllow {
  static constexpr HeaderName name{.full = "Allow", .multi = true, .may_be_empty = true};
  using View = BasicAllow<std::string_view>;
  using Value = BasicAllow<std::string>;

  Text method{};

  static std::optional<BasicAllow> parse(Scanner& in) { return parse_as<BasicAllow>(in); }
  void write(Writer& out) const { out << method; }
  static auto tie(auto& self) { return std::tie(self.method); }
  bool operator==(const BasicAllow&) const = default;
};

using Allow = BasicAllow<std::string>;
using AllowView = BasicAllow<std::string_view>;
/// One Method of the list: whoever reads the lines takes them apart, RFC 3261 §7.3.1
bool read(Scanner& in, AllowView& to);
static_assert(Header<Allow>);

}  // namespace kith::sip
