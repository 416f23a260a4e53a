#pragma once

#include <string_view>

#include "kith/base/scanner.h"

namespace kith::sip {

/// language-tag = 1*8ALPHA *( "-" 1*8ALPHA ): RFC 3261 §25.1
/// Lenient also takes digits after the first "-", as in "es-419", which later RFCs allow.
bool read_language_tag(Scanner& in, std::string_view& tag);

}  // namespace kith::sip
