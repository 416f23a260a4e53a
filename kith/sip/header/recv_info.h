#pragma once

#include "kith/sip/shape/info_package.h"

namespace kith::sip {

/// Recv-Info = [ Info-package-type *( COMMA Info-package-type ) ]
/// RFC 6086 §7.3: the packages that INFO may be sent for; empty: none
struct RecvInfoName {
  static constexpr HeaderName name{.full = "Recv-Info", .multi = true, .may_be_empty = true};
};
using RecvInfo = InfoPackageType<RecvInfoName, std::string>;
using RecvInfoView = RecvInfo::View;
static_assert(Header<RecvInfo>);

}  // namespace kith::sip
