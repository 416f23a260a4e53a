#pragma once

#include <cstddef>

namespace kith::sip {

/// What a peer can make grow, and how far. RFC 3261 §18.1.1 wants messages up to 65,535 bytes read.
inline constexpr std::size_t header_section_size_max = 32 * 1024;  // start line and headers
inline constexpr std::size_t body_size_max = 1024 * 1024;
inline constexpr std::size_t message_size_max = header_section_size_max + body_size_max;
inline constexpr std::size_t headers_max = 256;
inline constexpr std::size_t header_name_length_max = 255;
inline constexpr std::size_t request_uri_length_max = 4 * 1024;  // longer: 414
inline constexpr std::size_t values_max = 256;  // of one header, over all its lines
inline constexpr std::size_t params_max = 64;   // of one header value or URI
inline constexpr std::size_t content_codings_max = 4;
inline constexpr std::size_t boundary_length_max = 70;  // RFC 2046 §5.1.1
inline constexpr std::size_t parts_max = 1024;          // of one multipart
inline constexpr std::size_t part_head_size_max = 4 * 1024;
inline constexpr std::size_t multipart_depth_max = 4;  // one in another in another …

}  // namespace kith::sip
