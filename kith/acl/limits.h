#pragma once

#include <cstddef>

#include "kith/xml/limits.h"

namespace kith::acl {

// [MS-SIP] §8 and §10: sizes of one value.
inline constexpr std::size_t uri_bytes_max = 454;  // the mask of a USER, and who waits
inline constexpr std::size_t domain_bytes_min = 2;
inline constexpr std::size_t domain_bytes_max = 255;
inline constexpr std::size_t rights_bytes_max = 16;  // two letters, and those of later versions

/// What one user may keep: more than a contact list holds, for strangers are answered, too.
struct Limits {
  std::size_t aces_max = 500;
};

/// How many wait for one user's answer, and what they may call themselves.
inline constexpr std::size_t pending_max = 100;
inline constexpr std::size_t display_name_bytes_max = 256;

/// A full list is longer than a request: 500 masks of nothing but what XML escapes are below this.
inline constexpr xml::Limits roaming_document{
    .document_bytes_max = 2 * 1024 * 1024,
    .elements_max = 4096,
};

/// The same for those who wait.
inline constexpr xml::Limits pending_document{
    .document_bytes_max = 512 * 1024,
    .elements_max = 1024,
};

}  // namespace kith::acl
