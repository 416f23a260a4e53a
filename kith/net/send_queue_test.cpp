#include "kith/net/send_queue.h"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

namespace kith::net {
namespace {

std::string joined(const SendQueue& queue) {
  std::array<iovec, 64> vectors{};
  std::string all;
  for (const iovec& it : std::span(vectors).first(queue.vectors(vectors)))
    all.append(static_cast<const char*>(it.iov_base), it.iov_len);
  return all;
}

TEST_CASE("send queue: bytes leave in order, however few at a time") {
  for (std::size_t step = 1; step <= 12; ++step) {
    CAPTURE(step);
    SendQueue queue;
    std::string sent;
    for (const char* text : {"one ", "", "two ", "three ", "a message that is longer than others"})
      queue.push(text);
    while (!queue.empty()) {
      const std::string all = joined(queue);
      CHECK(all.size() == queue.size_bytes());
      const std::size_t n = std::min(step, all.size());
      sent += all.substr(0, n);
      queue.consume(n);
      if (sent.size() < 30) queue.push("+");
    }
    CHECK(sent.starts_with("one two three a message that is longer than others+"));
    CHECK(joined(queue).empty());
  }
}

TEST_CASE("send queue: the front is one piece, gathered only where it is worth it") {
  std::array<char, 8> scratch{};
  SendQueue queue;
  CHECK(queue.front(scratch).empty());
  queue.push("abc");
  CHECK(queue.front(scratch) == "abc");
  queue.push("de");
  CHECK(queue.front(scratch) == "abcde");
  queue.push("fghijk");
  CHECK(queue.front(scratch) == "abcdefgh");
  queue.consume(4);
  CHECK(queue.front(scratch) == "efghijk");
  queue.consume(1);
  CHECK(queue.front(scratch) == "fghijk");
  queue.push("a message longer than the scratch");
  CHECK(queue.front(scratch) == "fghijka ");
  queue.consume(6);
  CHECK(queue.front(scratch) == "a message longer than the scratch");
}

TEST_CASE("send queue: no more vectors than there is room for") {
  std::array<iovec, 2> vectors{};
  SendQueue queue;
  for (int i = 0; i < 5; ++i) queue.push("x");
  CHECK(queue.vectors(vectors) == 2);
  queue.consume(4);
  CHECK(queue.vectors(vectors) == 1);
}

TEST_CASE("send queue: what has left is kept if asked for, what has not is given back whole") {
  using Messages = std::vector<std::string>;
  SendQueue queue;
  queue.push("nobody asked");
  queue.consume(12);
  queue.keep_sent();
  for (const char* text : {"one", "two", "three"}) queue.push(text);
  queue.consume(2);
  CHECK(queue.take_sent().empty());
  queue.consume(5);
  CHECK(queue.take_sent() == Messages{"one", "two"});
  CHECK(queue.take_sent().empty());
  queue.push("four");
  CHECK(queue.take_unsent() == Messages{"three", "four"});
  CHECK(queue.empty());
  queue.push("five");
  CHECK(joined(queue) == "five");
}

}  // namespace
}  // namespace kith::net
