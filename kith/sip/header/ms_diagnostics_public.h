#pragma once

#include "kith/sip/shape/ms_diagnosis.h"

namespace kith::sip {

/// ms-diagnostics-public = error-id *( SEMI generic-param )
/// [MS-OCER] §2.2.1: the same as ms-diagnostics, of what strangers may know
struct MsDiagnosticsPublicName {
  static constexpr HeaderName name{.full = "ms-diagnostics-public"};
};
using MsDiagnosticsPublic = MsDiagnosis<MsDiagnosticsPublicName, std::string>;
using MsDiagnosticsPublicView = MsDiagnosticsPublic::View;
static_assert(Header<MsDiagnosticsPublic>);

}  // namespace kith::sip
