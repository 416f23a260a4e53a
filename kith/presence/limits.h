#pragma once

#include <cstddef>
#include <cstdint>

#include "kith/xml/limits.h"

namespace kith::presence {

// [MS-SIP] §6 and §10: sizes of one value.
inline constexpr std::uint16_t aggregate_max = 999;  // of availability and activity
inline constexpr std::size_t epid_digits_max = 16;
inline constexpr std::size_t user_info_characters_max = 1024;  // content of userInfo as one string
inline constexpr std::size_t uri_bytes_max = 454;

// Ours, for what [MS-SIP] leaves open.
inline constexpr std::size_t text_bytes_max = 1024;  // a description, a note, a name
/// All that stands in a presentity element that is published. With calendar data, which is the
/// longest that a real client sends, it is below 4 kB.
inline constexpr std::size_t publication_bytes_max = 12 * 1024;
inline constexpr std::size_t namespaces_max = 64;  // declared around one element
inline constexpr std::size_t xpidf_addresses_max = 64;

/// What one user may keep.
struct Limits {
  std::size_t devices_max = 16;
  std::size_t resources_max = 250;  // of one batched subscription; 100 to 250 is reasonable
};

/// An element that stands alone: it was the fifth in depth of its envelope, and so fits into the
/// documents for watchers, where it is the fourth.
inline constexpr xml::Limits fragment_document{.document_bytes_max = publication_bytes_max,
                                               .depth_max = 28};

/// What is known of a user: as many devices as there may be, each with all that it may publish.
inline constexpr xml::Limits aggregate_document{
    .document_bytes_max = 256 * 1024,
    .elements_max = 16'384,
};

/// A list of resources: 250 of them, each with the longest URI.
inline constexpr xml::Limits list_document{
    .document_bytes_max = 256 * 1024,
    .elements_max = 2048,
};

}  // namespace kith::presence
