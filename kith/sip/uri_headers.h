#pragma once

#include <string>
#include <vector>

#include "kith/sip/uri.h"

namespace kith::sip {

/// The names of the headers of a sip or sips URI, their escapes undone, in their order, each once
/// as it first stands there: hname *( "&" hname ); RFC 3261 §19.1.1. Their values are found by
/// `uri.find_header(name)`.
std::vector<std::string> header_names(const UriView& uri);

}  // namespace kith::sip
