#include "kith/capture/packet_reader.h"

#include <doctest/doctest.h>

#include <chrono>
#include <initializer_list>
#include <string>
#include <vector>

#include "kith/capture/limits.h"
#include "kith/capture/test/packets.h"

using namespace kith;
using namespace kith::capture;
using namespace kith::capture::test;

namespace {

struct Whole {
  std::vector<std::string> packets;
  std::vector<Time> times;
  std::optional<Error> error;
};

Whole read(std::string_view file, std::size_t piece) {
  PacketReader reader;
  Whole whole;
  for (std::size_t at = 0; at < file.size() && !whole.error; at += piece) {
    reader.push(file.substr(at, piece));
    while (const std::optional<Result<Packet>> packet = reader.next()) {
      if (!*packet) {
        whole.error = packet->error();
        break;
      }
      whole.packets.emplace_back((*packet)->bytes);
      whole.times.push_back((*packet)->time);
      CHECK((*packet)->number == whole.packets.size());
    }
  }
  return whole;
}

const std::vector<std::string> two{"first", "the second"};

Time at(std::int64_t nanoseconds) { return Time{std::chrono::nanoseconds{nanoseconds}}; }

/// A power of two or ten, in the way of an interface's option.
std::string resolution(std::uint8_t value, ByteOrder order) {
  return number(9, 2, order) + number(1, 2, order) + number(value, 1) + std::string(3, '\0');
}

}  // namespace

TEST_CASE("a capture file gives its packets, in either byte order and in pieces of any size") {
  for (const ByteOrder order : {ByteOrder::little, ByteOrder::big}) {
    const std::string unknown = block(0x0bad, "eight by", order);
    for (const std::string& file : {
             pcap_header(raw_ip, order) + record("first", order) + record("the second", order),
             section(order) + interface(order) + enhanced("first", order) + unknown +
                 enhanced("the second", order),
             section(order) + interface(order) + block(3, number(5, 4, order) + "first", order) +
                 block(2,
                       number(0, 2, order) + number(0, 10, order) + number(10, 4, order) +
                           number(10, 4, order) + "the second",
                       order),
         }) {
      for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, file.size()}) {
        const Whole whole = read(file, piece);
        CHECK(whole.packets == two);
        CHECK_FALSE(whole.error);
      }
    }
  }
}

TEST_CASE("a section of pcapng has a byte order and interfaces of its own") {
  const std::string file = section(ByteOrder::little) + interface(ByteOrder::little) +
                           enhanced("first", ByteOrder::little) + section(ByteOrder::big) +
                           interface(ByteOrder::big) + enhanced("the second", ByteOrder::big);
  CHECK(read(file, 5).packets == two);
  const std::string none = section(ByteOrder::little) + interface(ByteOrder::little) +
                           section(ByteOrder::big) + enhanced("first", ByteOrder::big);
  CHECK(read(none, 5).error.value().where == "interface of pcapng");
}

TEST_CASE("the time of a packet is told in the resolution of its file or interface") {
  const ByteOrder order = ByteOrder::little;
  const auto time_of = [](const std::string& file) { return read(file, file.size()).times.at(0); };
  CHECK(time_of(pcap_header() + record("x", order, 3, 250000)) == at(3'250'000'000));
  CHECK(time_of(pcap_header(raw_ip, order, 0xa1b23c4d) + record("x", order, 3, 250000)) ==
        at(3'000'250'000));
  struct Case {
    std::string options;
    std::uint64_t ticks;
    std::int64_t nanoseconds;
  };
  for (const Case& each : std::initializer_list<Case>{
           {"", 3'250'000, 3'250'000'000},
           {resolution(9, order), 3'250'000, 3'250'000},
           {resolution(0, order), 3, 3'000'000'000},
           {resolution(12, order), 3'250'000'000'000, 3'250'000'000},
           {resolution(0x81, order), 7, 3'500'000'000},
           {resolution(0xa8, order), (std::uint64_t{3} << 40U) + (std::uint64_t{1} << 39U),
            3'500'000'000},
           {number(14, 2, order) + number(8, 2, order) + number(100, 8, order), 1, 100'000'001'000},
           {resolution(0, order), ~std::uint64_t{0}, 9'223'372'035'000'000'000},
       }) {
    CAPTURE(each.nanoseconds);
    CHECK(time_of(section(order) + interface(order, each.options) +
                  enhanced("x", order, each.ticks)) == at(each.nanoseconds));
  }
}

TEST_CASE("what is no capture, or a broken one, is refused where it breaks") {
  const ByteOrder order = ByteOrder::little;
  const std::string pcapng = section(order) + interface(order);
  struct Case {
    std::string file;
    Fault fault;
    std::string_view where;
  };
  const std::string odd = number(0x0bad, 4, order) + number(13, 4, order) + number(0, 4, order);
  const std::string cut =
      block(6, number(0, 12, order) + number(99, 4, order) + number(99, 4, order), order);
  const std::string long_option = number(2, 2, order) + number(99, 2, order);
  for (const Case& each : std::initializer_list<Case>{
           {"INVITE sip:bob@example.com SIP/2.0\r\n", Fault::unsupported, "capture file"},
           {number(0xa1b2c3d4, 4) + number(9, 2) + std::string(18, '\0'), Fault::unsupported,
            "version of pcap"},
           {number(0x0a0d0d0a, 4) + number(28, 4) + number(0x12345678, 4) + std::string(16, '\0'),
            Fault::malformed, "byte order of pcapng"},
           {pcapng + odd, Fault::malformed, "block of pcapng"},
           {pcapng + cut, Fault::malformed, "packet of pcapng"},
           {pcapng + block(6, "short", order), Fault::malformed, "packet of pcapng"},
           {pcapng + enhanced("x", order, 0, 1), Fault::missing, "interface of pcapng"},
           {pcapng + block(1, "abcd", order), Fault::malformed, "interface of pcapng"},
           {pcapng + interface(order, long_option), Fault::malformed, "option of pcapng"},
           {pcapng + interface(order, resolution(20, order)), Fault::malformed,
            "resolution of pcapng"},
           {pcapng + interface(order, resolution(0xc0, order)), Fault::malformed,
            "resolution of pcapng"},
       }) {
    CAPTURE(each.where);
    const Whole whole = read(each.file, each.file.size());
    REQUIRE(whole.error);
    CHECK(whole.error->fault == each.fault);
    CHECK(whole.error->where == each.where);
    CHECK(whole.packets.empty());
  }
}

TEST_CASE("records are read up to record_size_max, interfaces up to interfaces_max") {
  const ByteOrder order = ByteOrder::little;
  const std::string most(record_size_max, 'x');
  CHECK(read(pcap_header() + record(most), 65536).packets.size() == 1);
  CHECK(read(pcap_header() + record(most + "x"), 65536).error.value().fault == Fault::too_long);
  CHECK(
      read(section(order) + interface(order) + enhanced(most, order), 65536).error.value().fault ==
      Fault::too_long);
  std::string interfaces = section(order);
  for (std::size_t i = 0; i < interfaces_max; ++i) interfaces += interface(order);
  CHECK(read(interfaces + enhanced("x", order, 0, 255), 4096).packets.size() == 1);
  CHECK(read(interfaces + interface(order), 4096).error.value().fault == Fault::too_many);
}

TEST_CASE("a block that nobody wants is skipped without being kept, however long it is") {
  const ByteOrder order = ByteOrder::little;
  PacketReader reader;
  reader.push(section(order) + interface(order) + number(0x0bad, 4, order) +
              number(12 + 4 * record_size_max, 4, order));
  CHECK_FALSE(reader.next());
  for (int i = 0; i < 4; ++i) {
    reader.push(std::string(record_size_max, 'x'));
    CHECK_FALSE(reader.next());
    CHECK(reader.buffered() < 64);
  }
  reader.push(number(0, 4, order) + enhanced("first", order));
  const auto packet = reader.next();
  REQUIRE((packet && *packet));
  CHECK((*packet)->bytes == "first");
}
