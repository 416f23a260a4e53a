#pragma once

#include <cstddef>

#include "kith/sip/message.h"

namespace kith::bench {

// What is read of a message where reading is measured. parse_count and parse_peers call the same
// code, so that both count the same. A header that cannot be read ends the program.

/// Start line, top Via, From, To, Call-ID, CSeq and first Contact, typed. Returns a number that
/// depends on all of them, so that none can be left out.
std::size_t routing_view(const sip::Message& message);
/// Also every value of each header that repeats, and those that a user agent acts on.
std::size_t everything_typed(const sip::Message& message);

}  // namespace kith::bench
