#include "kith/sip/header/ms_diagnostics.h"

namespace kith::sip {

bool read(Scanner& in, MsDiagnosticsView& to) { return in.number(to.id) && read(in, to.params); }

}  // namespace kith::sip
