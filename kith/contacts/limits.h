#pragma once

#include <cstddef>

#include "kith/xml/limits.h"

namespace kith::contacts {

// [MS-SIP] §9.1 and §10: sizes of one value.
inline constexpr std::size_t name_bytes_max = 256;  // of a contact or group
inline constexpr std::size_t external_uri_bytes_max = 1024;
inline constexpr std::size_t extension_bytes_max = 1024;  // contactExtension as one string
inline constexpr std::size_t uri_bytes_max = 454;
inline constexpr std::size_t groups_per_contact_max = 64;  // ids in one request

/// What one user may keep.
struct Limits {
  std::size_t contacts_max = 250;
  std::size_t groups_max = 63;  // group 1 included; ids end at 63
};

/// An extension inside one element. It fits wherever it will stand: four deep in an envelope.
inline constexpr xml::Limits extension_document{.depth_max = 29};

/// A full list is longer than a request: 250 contacts, each with an extension of 256 elements.
inline constexpr xml::Limits roaming_document{
    .document_bytes_max = 4 * 1024 * 1024,
    .elements_max = 65'536,
};

}  // namespace kith::contacts
