#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/address.h"
#include "kith/base/flow.h"
#include "kith/base/time.h"
#include "kith/base/transport.h"

/// What --trace writes and the laboratory reads back: docs/trace.md.
namespace kith::tool {

/// A message as it went by.
struct TraceRecord {
  enum class Direction : std::uint8_t { sent, received };
  Direction direction = Direction::sent;  // as who wrote the trace saw it
  Time time{};
  Transport transport = Transport::udp;
  Address from{};
  Address to{};
  std::string bytes{};
  std::string note{};  // what is to be said of it; lines

  bool operator==(const TraceRecord&) const = default;
};

/// Of a message on a flow of ours.
TraceRecord record_of(TraceRecord::Direction direction, const Flow& flow, Time time,
                      std::string bytes, std::string note = {});

/// Read back, it gives the same record: bytes and all, but for the ends of the note.
std::string trace_text(const TraceRecord& record);

/// A record of a file, and the line that its message begins at, from 1.
struct TracedMessage {
  TraceRecord record;
  std::size_t line = 1;
};
/// Columns that stand before the text of a message.
inline constexpr std::size_t trace_gutter = 4;

/// Whether there is a record in the text.
bool is_trace(std::string_view text);

/// What is wrong with a trace, and in which line.
struct TraceError {
  std::size_t line = 1;
  std::string what;
};
/// Lines between the records are of no concern: they are what else a program had to say.
std::expected<std::vector<TracedMessage>, TraceError> read_trace(std::string_view text);

/// "192.0.2.1:5060" or "[2001:db8::1]:5060".
std::optional<Address> address_of(std::string_view text);

/// "2026-11-21T12:00:00.250000Z"
std::string time_text(Time time);

}  // namespace kith::tool
