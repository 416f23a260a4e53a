#pragma once

#include "kith/sip/shape/single.h"

namespace kith::sip {

/// ms-user-logon-data = token
/// is("RemoteUser") tells a client that it came from outside the firewall. Not in [MS-SIP]: as
/// servers of Microsoft answer a REGISTER
struct MsUserLogonDataName {
  static constexpr HeaderName name{.full = "ms-user-logon-data"};
  static constexpr LetterCase letter_case = LetterCase::ignored;
  static bool take(Scanner& in, std::string_view& data) { return in.token(data); }
};
using MsUserLogonData = Single<MsUserLogonDataName, std::string>;
using MsUserLogonDataView = MsUserLogonData::View;
static_assert(Header<MsUserLogonData>);

}  // namespace kith::sip
