#pragma once

#include <string>

#include "kith/base/random.h"
#include "tests/catalog/abnf.h"

namespace kith::grammar {

/// A sentence that this part of a linked grammar allows.
std::string made_of(const Part& part, SeededRandom& random);

}  // namespace kith::grammar
