#include "kith/capture/segments.h"

#include <cstdlib>
#include <utility>

#include "kith/capture/limits.h"

namespace kith::capture {

Segments::Arrival Segments::add(std::uint32_t sequence, std::string_view bytes) {
  const auto distance = static_cast<std::int32_t>(sequence - static_cast<std::uint32_t>(next_));
  if (std::abs(std::int64_t{distance}) > static_cast<std::int64_t>(sequence_jump_max))
    return Arrival::jump;
  std::uint64_t at = next_ + static_cast<std::uint64_t>(std::int64_t{distance});
  if (at < next_) {
    const std::uint64_t old = next_ - at;
    if (old >= bytes.size()) return Arrival::again;
    bytes.remove_prefix(static_cast<std::size_t>(old));
    at = next_;
  }
  std::string& kept = ahead_[at];
  if (kept.size() >= bytes.size()) return Arrival::again;
  held_ += bytes.size() - kept.size();
  kept = bytes;
  return Arrival::fresh;
}

void Segments::drop_first() {
  held_ -= ahead_.begin()->second.size();
  ahead_.erase(ahead_.begin());
}

std::optional<std::string> Segments::next() {
  while (!ahead_.empty() && ahead_.begin()->first <= next_) {
    auto& [at, kept] = *ahead_.begin();
    const auto old = static_cast<std::size_t>(next_ - at);
    std::string bytes;
    if (old < kept.size()) bytes = old == 0 ? kept : kept.substr(old);
    next_ += bytes.size();
    drop_first();
    if (!bytes.empty()) return bytes;
  }
  return std::nullopt;
}

bool Segments::overfull() const {
  return held_ > ahead_bytes_max || ahead_.size() > ahead_segments_max;
}

std::size_t Segments::skip_gap() {
  if (!waiting()) return 0;
  const std::uint64_t before = std::exchange(next_, ahead_.begin()->first);
  return static_cast<std::size_t>(next_ - before);
}

}  // namespace kith::capture
