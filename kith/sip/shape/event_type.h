#pragma once

#include <string_view>

#include "kith/base/scanner.h"

namespace kith::sip {

/// event-type = event-package *( "." event-template ), each a token without a dot: RFC 6665 §8.4
bool read_event_type(Scanner& in, std::string_view& type);
/// "presence" of "presence.winfo"
std::string_view event_package_of(std::string_view type);
/// "winfo" of "presence.winfo"; of more than one, all with the points between them.
std::string_view event_template_of(std::string_view type);

}  // namespace kith::sip
