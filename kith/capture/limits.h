#pragma once

#include <cstddef>

/// What a capture can make grow, and how far: it may come from anybody.
namespace kith::capture {

/// Bytes of one record of a file; tcpdump cuts packets at 262,144.
inline constexpr std::size_t record_size_max = 512 * 1024;
/// Interfaces that one section of a pcapng file describes.
inline constexpr std::size_t interfaces_max = 256;
/// VLAN tags, and extension headers of IPv6, in one packet.
inline constexpr std::size_t nested_headers_max = 8;
/// Directions of TCP connections that are followed at a time; of more, the quietest is given up.
inline constexpr std::size_t streams_max = 1024;
/// Bytes and segments of one direction that wait for one before them; of more, it counts as lost.
inline constexpr std::size_t ahead_bytes_max = 256 * 1024;
inline constexpr std::size_t ahead_segments_max = 1024;
/// Bytes that all streams hold together; of more, the quietest is given up.
inline constexpr std::size_t held_bytes_max = 32 * 1024 * 1024;
/// How far a sequence number may be from the one expected; farther away, another connection began.
inline constexpr std::size_t sequence_jump_max = 64 * 1024 * 1024;

}  // namespace kith::capture
