#pragma once

#include <cstddef>

#include "kith/xml/limits.h"

namespace kith::acl {

// [MS-SIP] §8 and §10: sizes of one value.
inline constexpr std::size_t uri_bytes_max = 454;  // the mask of a USER
inline constexpr std::size_t domain_bytes_min = 2;
inline constexpr std::size_t domain_bytes_max = 255;
inline constexpr std::size_t rights_bytes_max = 16;  // two letters, and those of later versions

/// What one user may keep: more than a contact list holds, for strangers are answered, too.
struct Limits {
  std::size_t aces_max = 500;
};

/// A full list is longer than a request: 500 masks of nothing but what XML escapes are below this.
inline constexpr xml::Limits roaming_document{
    .document_bytes_max = 2 * 1024 * 1024,
    .elements_max = 4096,
};

}  // namespace kith::acl
