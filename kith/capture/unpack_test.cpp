#include "kith/capture/unpack.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <variant>

#include "kith/capture/limits.h"
#include "kith/capture/test/packets.h"

using namespace kith;
using namespace kith::capture;
using namespace kith::capture::test;

namespace {

const Address carol = Address::parse_host("2001:db8::1", 40000).value();
const Address dave = Address::parse_host("2001:db8::2", 5060).value();

Carried of(std::string_view bytes, std::uint16_t link = raw_ip) {
  return unpack({.number = 1, .time = {}, .link = link, .bytes = bytes});
}

/// Of a packet that is not read: why. Of any other: its kind.
std::string_view why(std::string_view bytes, std::uint16_t link = raw_ip) {
  const Carried carried = of(bytes, link);
  if (const Unread* const unread = std::get_if<Unread>(&carried)) return unread->why;
  return std::holds_alternative<OtherProtocol>(carried) ? "other" : "read";
}

const std::string datagram = ipv4(17, udp("hello"));
const std::string datagram6 = ipv6(17, udp("hello", carol, dave), carol, dave);
const std::string macs(12, 'm');

}  // namespace

TEST_CASE("a datagram is found behind each link header") {
  const std::string vlan = number(0x8100, 2) + number(5, 2);
  const std::string cooked(14, 'c');
  const std::string cooked2 = number(0, 18);
  struct Case {
    std::uint16_t link;
    std::string bytes;
  };
  for (const Case& each : std::initializer_list<Case>{
           {1, macs + number(0x0800, 2) + datagram},
           {1, macs + number(0x0800, 2) + datagram + std::string(9, '\0')},  // padding
           {1, macs + vlan + number(0x88a8, 2) + number(7, 2) + number(0x0800, 2) + datagram},
           {113, cooked + number(0x0800, 2) + datagram},
           {276, number(0x0800, 2) + cooked2 + datagram},
           {0, number(2, 4, ByteOrder::little) + datagram},
           {108, number(2, 4) + datagram},
           {12, datagram},
           {14, datagram},
           {101, datagram},
           {228, datagram},
       }) {
    CAPTURE(each.link);
    const Carried carried = of(each.bytes, each.link);
    const Datagram* const found = std::get_if<Datagram>(&carried);
    REQUIRE(found != nullptr);
    CHECK(found->from == alice);
    CHECK(found->to == bob);
    CHECK(found->payload == "hello");
    CHECK(found->whole);
  }
}

TEST_CASE("IPv6 is read behind the same link headers, and through its extension headers") {
  const std::string options = number(60, 1) + number(0, 7);  // 8 bytes, then type 60
  const std::string last = number(17, 1) + number(1, 1) + number(0, 14);
  const std::string whole_fragment = number(17, 1) + number(0, 7);
  const std::string authentication = number(17, 1) + number(4, 1) + number(0, 22);
  const std::string payload = udp("hello", carol, dave);
  for (const std::string& bytes : {
           datagram6,
           ipv6(0, options + last + payload, carol, dave),
           ipv6(44, whole_fragment + payload, carol, dave),
           ipv6(51, authentication + payload, carol, dave),
       }) {
    const Carried carried = of(bytes);
    const Datagram* const found = std::get_if<Datagram>(&carried);
    REQUIRE(found != nullptr);
    CHECK(found->from == carol);
    CHECK(found->to == dave);
    CHECK(found->payload == "hello");
  }
  CHECK(why(macs + number(0x86dd, 2) + datagram6, 1) == "read");
  CHECK(why(number(30, 4, ByteOrder::little) + datagram6, 0) == "read");
}

TEST_CASE("a segment has its sequence number, its flags and what is behind its options") {
  std::string with_options = tcp(7, "NOPSdata", syn | fin);
  with_options[12] = '\x60';  // one word more
  const std::string bytes = ipv4(6, with_options);
  const Carried carried = of(bytes);
  const Segment* const segment = std::get_if<Segment>(&carried);
  REQUIRE(segment != nullptr);
  CHECK(segment->sequence == 7);
  CHECK(segment->syn);
  CHECK(segment->fin);
  CHECK_FALSE(segment->rst);
  CHECK(segment->payload == "data");
}

TEST_CASE("a packet that the capture cut short says so") {
  for (const std::string& bytes :
       {datagram.substr(0, datagram.size() - 1), datagram6.substr(0, datagram6.size() - 1)}) {
    const Carried carried = of(bytes);
    REQUIRE(std::holds_alternative<Datagram>(carried));
    CHECK_FALSE(std::get<Datagram>(carried).whole);
    CHECK(std::get<Datagram>(carried).payload == "hell");
  }
}

TEST_CASE("fragments of IPv4 and IPv6 are not read, and said to be some") {
  const std::string first = number(17, 1) + number(0, 1) + number(1, 2) + number(0, 4);
  const std::string second = number(17, 1) + number(0, 1) + number(8, 2) + number(0, 4);
  CHECK(why(ipv4(17, udp("x"), alice, bob, 0x2000)) == "a fragment of an IPv4 packet");
  CHECK(why(ipv4(17, udp("x"), alice, bob, 1)) == "a fragment of an IPv4 packet");
  CHECK(why(ipv4(17, udp("x"), alice, bob, 0x4000)) == "read");  // must not be fragmented
  CHECK(why(ipv6(44, first + udp("x"), carol, dave)) == "a fragment of an IPv6 packet");
  CHECK(why(ipv6(44, second + udp("x"), carol, dave)) == "a fragment of an IPv6 packet");
}

TEST_CASE("other protocols are passed over, and links that are not known are named") {
  CHECK(why(ipv4(1, "ping")) == "other");
  CHECK(why(ipv6(58, "ping", carol, dave)) == "other");
  CHECK(why(macs + number(0x0806, 2) + "who has", 1) == "other");
  CHECK(why("\x10", raw_ip) == "other");
  CHECK(why(datagram, 147) == "a link type that is not read");
}

TEST_CASE("a packet is never read beyond its end") {
  const std::string short_udp = number(5060, 2) + number(5060, 2) + number(7, 2) + number(0, 2);
  CHECK(why(ipv4(17, short_udp)) == "a packet too short for its headers");
  std::string long_tcp = tcp(1, "");
  long_tcp[12] = '\xf0';
  CHECK(why(ipv4(6, long_tcp)) == "a packet too short for its headers");
  const std::string route = number(17, 1) + number(200, 1) + number(0, 6);
  CHECK(why(ipv6(43, route, carol, dave)) == "a packet too short for its headers");
  const std::string segment = ipv4(6, tcp(1, ""));
  for (const std::string& headers : {
           macs + number(0x8100, 2) + number(5, 2) + number(0x0800, 2) + datagram.substr(0, 27),
           macs + number(0x0800, 2) + segment.substr(0, 39),
           macs + number(0x86dd, 2) + datagram6.substr(0, 47),
       })
    for (std::size_t size = 0; size < headers.size(); ++size) {
      const std::string bytes = headers.substr(0, size);  // so that a sanitizer sees its end
      CHECK(why(bytes, 1) == "a packet too short for its headers");
    }
}

TEST_CASE("VLAN tags and extension headers are followed up to nested_headers_max") {
  const auto tags = [](std::size_t count) {
    std::string bytes = macs;
    for (std::size_t i = 0; i < count; ++i) bytes += number(0x8100, 2) + number(1, 2);
    return bytes + number(0x0800, 2) + datagram;
  };
  CHECK(why(tags(nested_headers_max), 1) == "read");
  CHECK(why(tags(nested_headers_max + 1), 1) == "too many VLAN tags");
  const auto extensions = [](std::size_t count) {
    std::string bytes;
    for (std::size_t i = 1; i < count; ++i) bytes += number(60, 1) + number(0, 7);
    bytes += number(17, 1) + number(0, 7);
    return ipv6(60, bytes + udp("x", carol, dave), carol, dave);
  };
  CHECK(why(extensions(nested_headers_max - 1)) == "read");
  CHECK(why(extensions(nested_headers_max + 1)) == "too many extension headers of IPv6");
}
