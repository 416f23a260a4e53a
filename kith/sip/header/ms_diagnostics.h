#pragma once

#include "kith/sip/shape/ms_diagnosis.h"

namespace kith::sip {

/// ms-diagnostics = error-id *( SEMI generic-param )
/// [MS-OCER] §2.2.1; reason="…" is shown to people
struct MsDiagnosticsName {
  static constexpr HeaderName name{.full = "ms-diagnostics"};
};
using MsDiagnostics = MsDiagnosis<MsDiagnosticsName, std::string>;
using MsDiagnosticsView = MsDiagnostics::View;
static_assert(Header<MsDiagnostics>);

}  // namespace kith::sip
