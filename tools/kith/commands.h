#pragma once

#include "tools/kith/options.h"

namespace kith::tool {

/// Signs in, does what the command says, signs out. Results go to standard output, everything else
/// to standard error.
Exit run(const Options& options, const Command& command);

}  // namespace kith::tool
