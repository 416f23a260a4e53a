#pragma once

#include "kith/sip/shape/info_package.h"

namespace kith::sip {

/// Info-Package = Info-package-type
/// RFC 6086 §7.2: the package that an INFO belongs to
struct InfoPackageName {
  static constexpr HeaderName name{.full = "Info-Package"};
};
using InfoPackage = InfoPackageType<InfoPackageName, std::string>;
using InfoPackageView = InfoPackage::View;
static_assert(Header<InfoPackage>);

}  // namespace kith::sip
