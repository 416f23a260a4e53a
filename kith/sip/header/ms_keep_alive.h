#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// ms-keep-alive = ( "UAC" / "UAS" ) *( SEMI mechanism EQUAL ( "yes" / "no" ) )
///                 [ SEMI "timeout" EQUAL 1*DIGIT ] *( SEMI generic-param )
/// [MS-CONMGMT] §2.2.1: at most one in a message
template <class Text>
struct BasicMsKeepAlive {
  static constexpr HeaderName name{.full = "ms-keep-alive"};
  using View = BasicMsKeepAlive<std::string_view>;
  using Value = BasicMsKeepAlive<std::string>;

  Text role{};  // "UAC" or "UAS"
  BasicParams<Text, ';'> params{};

  /// Seconds.
  std::optional<std::uint32_t> timeout() const { return seconds(params.find("timeout")); }

  static std::optional<BasicMsKeepAlive> parse(Scanner& in) {
    return parse_as<BasicMsKeepAlive>(in);
  }
  void write(Writer& out) const {
    out << role;
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.role, self.params); }
  bool operator==(const BasicMsKeepAlive&) const = default;
};

using MsKeepAlive = BasicMsKeepAlive<std::string>;
using MsKeepAliveView = BasicMsKeepAlive<std::string_view>;
/// Takes the role in any case and keeps it in capitals; lenient notes a timeout that is no number.
bool read(Scanner& in, MsKeepAliveView& to);
static_assert(Header<MsKeepAlive>);

}  // namespace kith::sip
