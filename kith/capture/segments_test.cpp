#include "kith/capture/segments.h"

#include <doctest/doctest.h>

#include <string>

#include "kith/capture/limits.h"

using namespace kith::capture;
using Arrival = Segments::Arrival;

namespace {

std::string all(Segments& segments) {
  std::string bytes;
  while (const auto piece = segments.next()) bytes += *piece;
  return bytes;
}

}  // namespace

TEST_CASE("RFC 9293: segments come out in the order of their sequence numbers, around 2**32 too") {
  for (const std::uint32_t start : {0U, 1000U, 0xfffffffeU}) {
    Segments segments(start);
    CHECK(segments.add(start + 6, "ghi") == Arrival::fresh);
    CHECK(segments.waiting());
    CHECK_FALSE(segments.next());
    CHECK(segments.add(start, "abc") == Arrival::fresh);
    CHECK(segments.next() == "abc");
    CHECK(segments.add(start + 3, "def") == Arrival::fresh);
    CHECK(all(segments) == "defghi");
    CHECK(segments.held() == 0);
  }
}

TEST_CASE("RFC 9293: what was there already is taken once") {
  Segments segments(10);
  segments.add(10, "abcdef");
  CHECK(all(segments) == "abcdef");
  CHECK(segments.add(10, "abcdef") == Arrival::again);
  CHECK(segments.add(12, "cd") == Arrival::again);
  CHECK(segments.add(14, "efgh") == Arrival::fresh);
  CHECK(all(segments) == "gh");
  segments.add(20, "klm");
  CHECK(segments.add(20, "kl") == Arrival::again);
  CHECK(segments.add(20, "klmn") == Arrival::fresh);
  segments.add(22, "mnop");
  segments.add(18, "ij");
  CHECK(all(segments) == "ijklmnop");
  CHECK(segments.held() == 0);
}

TEST_CASE("a gap is skipped when it is given up, and its size told") {
  Segments segments(0);
  CHECK(segments.skip_gap() == 0);
  segments.add(5, "fgh");
  segments.add(100, "later");
  CHECK(segments.skip_gap() == 5);
  CHECK(all(segments) == "fgh");
  CHECK(segments.skip_gap() == 92);
  CHECK(all(segments) == "later");
  CHECK_FALSE(segments.waiting());
}

TEST_CASE("segments wait up to ahead_bytes_max and ahead_segments_max") {
  Segments bytes(0);
  bytes.add(1, std::string(ahead_bytes_max, 'x'));
  CHECK_FALSE(bytes.overfull());
  bytes.add(1 + ahead_bytes_max, "x");
  CHECK(bytes.overfull());
  Segments count(0);
  for (std::uint32_t i = 0; i < ahead_segments_max; ++i) count.add(1 + 2 * i, "x");
  CHECK_FALSE(count.overfull());
  count.add(1 + 2 * ahead_segments_max, "x");
  CHECK(count.overfull());
}

TEST_CASE("a sequence number farther away than sequence_jump_max is of another connection") {
  constexpr auto jump = static_cast<std::uint32_t>(sequence_jump_max);
  Segments segments(0);
  CHECK(segments.add(jump, "x") == Arrival::fresh);
  CHECK(segments.add(jump + 1, "x") == Arrival::jump);
  CHECK(segments.add(0U - jump, "x") == Arrival::again);
  CHECK(segments.add(0U - jump - 1, "x") == Arrival::jump);
}
