#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"

namespace kith::sip {

/// ms-user-logon-data = token
/// "RemoteUser" tells a client that it came from outside the firewall. Not in [MS-SIP]: as servers
/// of Microsoft answer a REGISTER
template <class Text>
struct BasicMsUserLogonData {
  static constexpr HeaderName name{.full = "ms-user-logon-data"};
  using View = BasicMsUserLogonData<std::string_view>;
  using Value = BasicMsUserLogonData<std::string>;

  Text data{};

  bool remote_user() const { return equal_ignoring_case(data, "RemoteUser"); }

  static std::optional<BasicMsUserLogonData> parse(Scanner& in) {
    return parse_as<BasicMsUserLogonData>(in);
  }
  void write(Writer& out) const { out << data; }
  static auto tie(auto& self) { return std::tie(self.data); }
  bool operator==(const BasicMsUserLogonData&) const = default;
};

using MsUserLogonData = BasicMsUserLogonData<std::string>;
using MsUserLogonDataView = BasicMsUserLogonData<std::string_view>;
bool read(Scanner& in, MsUserLogonDataView& to);
static_assert(Header<MsUserLogonData>);

}  // namespace kith::sip
