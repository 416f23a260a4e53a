#pragma once

#include <cstdint>

#include "kith/xml/limits.h"

namespace kith::soap {

/// One request: a contact with everything at its longest, escaped, is below 20 kB.
inline constexpr xml::Limits envelope_document{.document_bytes_max = 64 * 1024,
                                               .elements_max = 1024};

/// The highest group id that is read at all; [MS-SIP] §9.1 allows 64, though no such group exists.
inline constexpr std::uint8_t group_id_max = 64;

}  // namespace kith::soap
