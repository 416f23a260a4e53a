#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace kith::net {

/// Messages that have left on one connection, until the peer's machine has acknowledged them. Bytes
/// are those of the descriptor, which with TLS are more than those of the messages.
class Unacknowledged {
 public:
  /// They left together; after them, so many bytes had been written since the beginning.
  void add(std::vector<std::string> messages, std::uint64_t written_size_bytes);

  /// The peer's machine has so many bytes from the beginning on. What left together is forgotten
  /// together.
  void forget(std::uint64_t acknowledged_size_bytes);

  std::vector<std::string> take();

 private:
  struct Batch {
    std::uint64_t end = 0;
    std::vector<std::string> messages;
  };
  std::deque<Batch> batches_;
};

}  // namespace kith::net
