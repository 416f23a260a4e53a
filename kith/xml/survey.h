#pragma once

#include <string_view>

#include "kith/base/result.h"
#include "kith/xml/limits.h"

namespace kith::xml {

/// Counts what a parser would have to build, in one pass and without memory, and refuses a document
/// type declaration. What it passes may still be malformed.
Result<void> survey(std::string_view document, const Limits& limits);

}  // namespace kith::xml
