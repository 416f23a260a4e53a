#pragma once

#include <cstddef>

#include "kith/base/time.h"

/// What the DNS and those whom we call can make grow, and how far: zones belong to anybody.
namespace kith::location {

/// Records of one answer that are looked at; the rest is not.
inline constexpr std::size_t records_max = 64;
/// Aliases (CNAME) from the name asked for to the one that has the records.
inline constexpr std::size_t aliases_max = 8;
/// Questions that one search may cause.
inline constexpr std::size_t questions_max = 48;
/// Targets that one search may offer.
inline constexpr std::size_t targets_max = 32;
/// A domain name as text, without the final dot: RFC 1035 §2.3.4 has 255 bytes on the wire.
inline constexpr std::size_t name_size_bytes_max = 253;

/// Bytes and entries of a file of overrides.
inline constexpr std::size_t overrides_size_bytes_max = 1024 * 1024;
inline constexpr std::size_t overrides_max = 10'000;

/// What one Location holds together, and for how long.
struct Limits {
  std::size_t searches_max = 100'000;  // over it: Exhausted, too_many_searches
  std::size_t cached_max = 10'000;     // answers; of more, the one that ends soonest goes
  std::size_t blacklisted_max = 10'000;
  Duration ttl_max = 24h;          // of what was found
  Duration negative_ttl_max = 3h;  // of what was not: RFC 2308 §5 finds one to three hours well
  Duration retry_after_max = 1h;   // a server closes itself no longer than that
};

}  // namespace kith::location
