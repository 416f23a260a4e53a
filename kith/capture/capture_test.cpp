#include "kith/capture/capture.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

#include "kith/capture/limits.h"
#include "kith/capture/test/packets.h"

using namespace kith;
using namespace kith::capture;
using namespace kith::capture::test;

namespace {

std::string message(std::string_view method, std::string_view body = {}) {
  return std::string{method} +
         " sip:bob@example.com SIP/2.0\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string{body};
}

struct Seen {
  std::vector<std::string> messages;
  std::vector<std::string> remarks;  // "what" or "what (bytes)"
  std::vector<Captured> whole;
  std::uint64_t others = 0;
  std::optional<Error> error;
};

void take(Capture& capture, Seen& seen) {
  while (const std::optional<Result<Found>> found = capture.next()) {
    if (!*found) {
      seen.error = found->error();
      return;
    }
    if (const Remark* const remark = std::get_if<Remark>(&**found)) {
      const std::string bytes = " (" + std::to_string(remark->bytes) + ")";
      seen.remarks.push_back(std::string{remark->what} + (remark->bytes == 0 ? "" : bytes));
    } else {
      seen.whole.push_back(std::get<Captured>(**found));
      seen.messages.push_back(seen.whole.back().bytes);
    }
  }
}

Seen see(const std::vector<std::string>& packets) {
  Capture capture;
  Seen seen;
  capture.push(pcap_header());
  for (const std::string& packet : packets) {
    capture.push(record(packet));
    take(capture, seen);
  }
  capture.end();
  take(capture, seen);
  seen.others = capture.others();
  CHECK(capture.held() == 0);
  return seen;
}

/// A segment from alice to bob.
std::string part(std::uint32_t sequence, std::string_view payload, std::uint8_t flags = 0) {
  return ipv4(6, tcp(sequence, payload, flags));
}

using Texts = std::vector<std::string>;

const std::string invite = message("INVITE", "v=0\r\n");
const std::string bye = message("BYE");
const auto invite_size = static_cast<std::uint32_t>(invite.size());
const std::string again = "a segment that was sent again (";

}  // namespace

TEST_CASE("a datagram is a message, with who sent it, when and to whom") {
  const Address carol = Address::v4(192, 0, 2, 3, 40000);
  const Seen seen = see({ipv4(17, udp(invite, carol, bob), carol, bob)});
  REQUIRE(seen.whole.size() == 1);
  const Captured& first = seen.whole.front();
  CHECK(first.bytes == invite);
  CHECK(first.place.packet == 1);
  CHECK(first.place.time == Time{std::chrono::milliseconds{1'000'250}});
  CHECK(first.place.from == carol);
  CHECK(first.place.to == bob);
  CHECK(first.transport == Transport::udp);
  CHECK(seen.remarks.empty());
}

TEST_CASE("a datagram that is no message is remarked on only where one was to be expected") {
  const Address dns = Address::v4(192, 0, 2, 4, 53);
  const Seen seen = see({
      ipv4(17, udp("no message at all")),
      ipv4(17, udp("a question", dns, dns)),
      ipv4(17, udp("\r\n\r\n")),
      ipv4(17, udp(bye, dns, dns)),
  });
  CHECK(seen.remarks == Texts{"a datagram on a SIP port that holds no SIP message (17)"});
  CHECK(seen.messages == Texts{bye});
  CHECK(seen.others == 2);
}

TEST_CASE("fragments, datagrams cut short and unknown links are remarked on and skipped") {
  const std::string cut = ipv4(17, udp(invite));
  const Seen seen = see({
      ipv4(17, udp(invite), alice, bob, 0x2000),
      ipv4(17, invite, alice, bob, 100),
      cut.substr(0, cut.size() - 1),
      ipv4(17, udp(bye)),
  });
  const std::string fragment = "a fragment of an IPv4 packet";
  CHECK(seen.remarks ==
        Texts{fragment, fragment,
              "a datagram that the capture cut short (" + std::to_string(invite.size() - 1) + ")"});
  CHECK(seen.messages == Texts{bye});
}

TEST_CASE("a stream gives the same messages however it is cut into segments") {
  const std::string stream = "\r\n\r\n" + invite + bye + "\r\n" + invite;
  for (const std::size_t piece : {std::size_t{1}, std::size_t{13}, stream.size()}) {
    std::vector<std::string> packets{part(99, "", syn)};
    for (std::size_t at = 0; at < stream.size(); at += piece)
      packets.push_back(part(static_cast<std::uint32_t>(100 + at), stream.substr(at, piece)));
    packets.push_back(part(static_cast<std::uint32_t>(100 + stream.size()), "", fin));
    const Seen seen = see(packets);
    CHECK(seen.messages == Texts{invite, bye, invite});
    CHECK(seen.remarks.empty());
    CHECK(seen.whole.front().transport == Transport::tcp);
  }
}

TEST_CASE("segments out of order are put in order, and the last packet completes the message") {
  const Seen seen = see({
      part(99, "", syn),
      part(110, invite.substr(10)),
      part(100 + invite_size, bye, fin),
      part(100, invite.substr(0, 10)),
  });
  CHECK(seen.messages == Texts{invite, bye});
  CHECK(seen.remarks.empty());
  CHECK(seen.whole.front().place.packet == 4);
}

TEST_CASE("what was sent again is remarked on and taken once, even after the stream has ended") {
  const Seen seen = see({
      part(100, invite),
      part(100, invite),
      part(100 + invite_size, bye, fin),
      part(100 + invite_size, bye, fin),
  });
  CHECK(seen.messages == Texts{invite, bye});
  CHECK(seen.remarks == Texts{again + std::to_string(invite.size()) + ")",
                              again + std::to_string(bye.size()) + ")"});
}

TEST_CASE("a gap is remarked on, and reading begins again at the next message") {
  const Seen seen = see({
      part(100, bye),
      part(100 + static_cast<std::uint32_t>(bye.size()), invite.substr(0, 30)),
      part(130 + 50 + static_cast<std::uint32_t>(bye.size()), "the end of a message\r\n"),
      part(130 + 72 + static_cast<std::uint32_t>(bye.size()), bye, fin),
  });
  CHECK(seen.messages == Texts{bye, bye});
  CHECK(seen.remarks == Texts{"a gap: bytes that the capture does not have (50)",
                              "the beginning of a message that the gap cut (30)",
                              "bytes that begin no message (22)"});
}

TEST_CASE("a stream that the capture joins in the middle is read from its next message") {
  const Seen seen = see({part(7000, "Content-Length: 5\r\n\r\nv=0\r\n"), part(7026, invite)});
  CHECK(seen.messages == Texts{invite});
  CHECK(seen.remarks.empty());
}

TEST_CASE("RFC 3261 §18.3: a message that a stream cannot be cut at comes with the reason") {
  const std::string no_length = "OPTIONS sip:bob@example.com SIP/2.0\r\nTo: bob\r\n\r\n";
  const Seen seen =
      see({part(100, bye + no_length + "a body"),
           part(static_cast<std::uint32_t>(106 + bye.size() + no_length.size()), invite)});
  CHECK(seen.messages == Texts{bye, no_length, invite});
  CHECK_FALSE(seen.whole[0].framing);
  REQUIRE(seen.whole[1].framing);
  CHECK(seen.whole[1].framing->fault == Fault::missing);
  CHECK(seen.whole[1].framing->where == "Content-Length");
  CHECK(seen.remarks == Texts{"bytes that begin no message (6)"});
  const std::string doubled = "BYE sip:b SIP/2.0\r\nl: 0\r\nl: 0\r\n\r\n";
  const Seen twice = see({part(100, doubled)});
  CHECK(twice.messages == Texts{doubled});
  CHECK(twice.whole.at(0).framing.value().fault == Fault::duplicate);
}

TEST_CASE("a message whose end never comes is remarked on, whoever ends the stream") {
  const Texts cut{"a message whose end is not in the capture (20)"};
  const std::string begin = invite.substr(0, 20);
  const std::string longer = "INVITE sip:bob@example.com SIP/2.0\r\nTo: ";
  const Texts longer_cut{"a message whose end is not in the capture (" +
                         std::to_string(longer.size()) + ")"};
  CHECK(see({part(100, begin)}).remarks.empty());  // may be anything
  CHECK(see({part(100, longer)}).remarks == longer_cut);
  CHECK(see({part(100, longer, fin)}).remarks == longer_cut);
  CHECK(see({part(100, longer), part(140, "", rst)}).remarks == longer_cut);
  CHECK(see({part(100, longer), part(5, "", syn), part(6, bye)}).remarks == longer_cut);
  const auto end = static_cast<std::uint32_t>(100 + bye.size());
  CHECK(see({part(100, bye), part(end, begin)}).remarks == cut);
}

TEST_CASE("each direction of each connection is a stream of its own") {
  const std::string back = "SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n";
  const Seen seen = see({
      part(100, invite.substr(0, 40)),
      ipv4(6, tcp(500, back, 0, bob, alice), bob, alice),
      part(140, invite.substr(40)),
      ipv4(6, tcp(1, "GET / HTTP/1.1\r\n\r\n", 0, Address::v4(192, 0, 2, 9, 80), bob),
           Address::v4(192, 0, 2, 9, 80), bob),
  });
  CHECK(seen.messages == Texts{back, invite});
  CHECK(seen.remarks.empty());
  CHECK(seen.others == 1);
}

TEST_CASE("a stream of TLS on a SIP port is remarked on once") {
  const Seen seen = see({part(100, "\x16\x03\x01 hello"), part(109, "\x17\x03\x03 data")});
  CHECK(seen.messages.empty());
  CHECK(seen.remarks == Texts{"a stream of TLS, which is not read"});
}

TEST_CASE("sequence numbers that jump begin the stream anew") {
  const Seen seen = see({part(100, bye), part(0x90000000, invite)});
  CHECK(seen.messages == Texts{bye, invite});
  CHECK(seen.remarks == Texts{"sequence numbers that begin anew"});
}

TEST_CASE("a gap is given up once ahead_bytes_max wait behind it") {
  Capture capture;
  Seen seen;
  capture.push(pcap_header() + record(part(100, bye)));
  const std::uint32_t behind = 100 + static_cast<std::uint32_t>(bye.size()) + 9;
  const std::string segment(ahead_bytes_max / 8, 'x');
  for (std::uint32_t i = 0; i < 9; ++i) {
    capture.push(record(part(behind + i * static_cast<std::uint32_t>(segment.size()), segment)));
    take(capture, seen);
    CHECK(capture.held() <= ahead_bytes_max);
    CHECK(seen.remarks.empty() == (i < 8));
  }
  CHECK(seen.remarks.at(0) == "a gap: bytes that the capture does not have (9)");
}

TEST_CASE("streams are followed up to streams_max; the quietest is given up") {
  std::vector<std::string> packets;
  const auto one = [](std::uint32_t i, std::uint32_t sequence, std::string_view payload) {
    const Address from = Address::v4(10, 0, static_cast<std::uint8_t>(i / 256),
                                     static_cast<std::uint8_t>(i % 256), 5060);
    return ipv4(6, tcp(sequence, payload, 0, from, bob), from, bob);
  };
  const auto next = static_cast<std::uint32_t>(1 + bye.size());
  const std::string longer = "INVITE sip:bob@example.com SIP/2.0\r\nTo: ";
  for (std::uint32_t i = 0; i < streams_max; ++i) packets.push_back(one(i, 1, bye + longer));
  packets.push_back(one(0, next + 41, "bob"));  // no longer the quietest
  packets.push_back(one(streams_max, 1, bye));
  const Seen seen = see(packets);
  CHECK(seen.messages.size() == streams_max + 1);
  CHECK(std::ranges::count(seen.remarks, "a stream given up, for there are too many") == 1);
}

TEST_CASE("streams hold at most held_bytes_max together") {
  Capture capture;
  Seen seen;
  capture.push(pcap_header());
  const std::string head = "INVITE sip:bob@example.com SIP/2.0\r\nContent-Length: 1048576\r\n\r\n";
  const std::string body(60'000, 'x');
  for (std::uint8_t i = 0; i < 24; ++i) {
    const Address from = Address::v4(10, 0, 0, i, 5060);
    for (std::uint32_t part = 0; part < 16; ++part) {
      const std::uint32_t at = part == 0 ? 0 : static_cast<std::uint32_t>(head.size());
      capture.push(record(ipv4(
          6, tcp(at + part * 60'000, part == 0 ? head + body : body, 0, from, bob), from, bob)));
      take(capture, seen);
      CHECK(capture.held() <= held_bytes_max);
    }
  }
  CHECK(std::ranges::count(seen.remarks, "a stream given up, for there are too many") > 0);
}

TEST_CASE("a file that ends inside a packet, or is broken, says so") {
  Capture cut;
  Seen seen;
  cut.push(pcap_header() + record(ipv4(17, udp(bye))) + "xyz");
  take(cut, seen);
  cut.end();
  take(cut, seen);
  CHECK(seen.messages == Texts{bye});
  CHECK(seen.remarks == Texts{"the end of the file inside a packet (3)"});
  Capture broken;
  broken.push("no capture");
  take(broken, seen);
  CHECK(seen.error.value().where == "capture file");
}
