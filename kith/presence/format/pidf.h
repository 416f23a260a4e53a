#pragma once

#include <string>
#include <string_view>

#include "kith/presence/aggregate.h"

/// Presence for watchers of the IETF's dialect: RFC 3863.
namespace kith::presence::pidf {

inline constexpr std::string_view content_type = "application/pidf+xml";
inline constexpr std::string_view ns = "urn:ietf:params:xml:ns:pidf";

/// A tuple for each device, the most available first, which is open if a call to it may get
/// through; one tuple at least. All that is left of a number is open or closed.
std::string write(const Aggregate& aggregate);

}  // namespace kith::presence::pidf
