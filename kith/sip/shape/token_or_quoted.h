#pragma once

#include <string>
#include <string_view>

#include "kith/base/scanner.h"
#include "kith/base/writer.h"

namespace kith::sip {

/// token / quoted-string, and which of them it was; RFC 3261 §25.1. A view has the escapes that are
/// on the wire, an owner has not.
bool read_token_or_quoted(Scanner& in, std::string_view& text, bool& quoted);
/// In quotes if that is asked for or if it is no token: so nothing of an owner's text can be more
/// than this one value.
void write_token_or_quoted(Writer& out, const std::string& text, bool quoted);
/// The same of a view, whose text has its escapes.
void write_token_or_quoted(Writer& out, std::string_view text, bool quoted);

}  // namespace kith::sip
