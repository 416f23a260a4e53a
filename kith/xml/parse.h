#pragma once

#include <string_view>

#include "kith/base/result.h"
#include "kith/xml/element.h"
#include "kith/xml/limits.h"

namespace kith::xml {

/// Reads a well-formed XML 1.0 document with namespaces, in UTF-8 whatever its declaration says.
///
/// Nothing is repaired. Fault::forbidden for a document type declaration, even an empty one, so the
/// only entities are the five predefined ones and character references; Fault::too_long and
/// Fault::too_many beyond the limits; Fault::malformed for everything else, bad UTF-8 and
/// undeclared prefixes included. What is beyond a limit is refused before any of it is built.
Result<Element> parse(std::string_view document, const Limits& limits = {});

}  // namespace kith::xml
