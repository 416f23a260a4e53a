#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kith::net {

/// Messages on their way out of one connection, in order. A string is moved in and stays where it
/// is until its last byte has left.
class SendQueue {
 public:
  void push(std::string bytes);

  bool empty() const { return size_bytes_ == 0; }
  std::size_t size_bytes() const { return size_bytes_; }

  /// The messages from the front, one vector each, as many as fit; for writev.
  std::size_t vectors(std::span<iovec> out) const;

  /// The first bytes in one piece: the rest of the first message, or if several small ones fit
  /// there together, `scratch` filled with as many bytes as there are. Not empty unless the queue
  /// is.
  std::string_view front(std::span<char> scratch) const;

  /// Takes off what has been sent.
  void consume(std::size_t size_bytes);

  /// From now on messages that have left are kept until they are asked for.
  void keep_sent() { keeps_sent_ = true; }
  std::vector<std::string> take_sent() { return std::exchange(sent_, {}); }

  /// Those that have not left, each whole, even if a part of the first has; the queue is empty
  /// then.
  std::vector<std::string> take_unsent();

 private:
  std::vector<std::string> messages_;
  std::size_t first_ = 0;   // messages before it are gone
  std::size_t offset_ = 0;  // bytes of the first that are gone
  std::size_t size_bytes_ = 0;
  bool keeps_sent_ = false;
  std::vector<std::string> sent_;
};

}  // namespace kith::net
