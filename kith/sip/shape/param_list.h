#pragma once

#include "kith/sip/params.h"

namespace kith::sip {

/// Parameters that are all that a header has, so that no separator stands before the first:
/// generic-param *( SEMI generic-param ); RFC 3261 §25.1
bool read_param_list(Scanner& in, ParamsView& params);
/// "a=1;b"
void write_param_list(Writer& out, const ParamsView& params);

}  // namespace kith::sip
