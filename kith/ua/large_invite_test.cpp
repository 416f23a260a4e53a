// An INVITE at the limits of what is read: what a proxy adds to it may take it over them, and its
// ACK and CANCEL are made of what was sent.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "kith/sip/limits.h"
#include "kith/ua/proxy.h"

namespace kith::ua {
namespace {

Flow udp(std::uint8_t host) {
  return {.id = 7,
          .transport = Transport::udp,
          .local = Address::v4(192, 0, 2, 9, 5060),
          .remote = Address::v4(192, 0, 2, host, 5060)};
}

constexpr std::size_t least_lines = 7;
constexpr std::size_t added_lines = 2;  // Via and Record-Route

/// An INVITE of so many header lines, one of which has so many bytes.
std::string invite_of(std::size_t lines, std::size_t subject = 1) {
  std::string text =
      "INVITE sip:bob@192.0.2.9 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
      "From: <sip:alice@192.0.2.1>;tag=a\r\nTo: <sip:bob@192.0.2.9>\r\nCall-ID: c\r\n"
      "CSeq: 1 INVITE\r\nMax-Forwards: 70\r\n";
  for (std::size_t i = least_lines; i < lines; ++i)
    text.append("Subject: ").append(std::exchange(subject, 1), 's').append("\r\n");
  return text + "Content-Length: 0\r\n\r\n";
}

std::string cancel_of(std::string text) {
  for (std::size_t at = text.find("INVITE"); at != std::string::npos; at = text.find("INVITE"))
    text.replace(at, 6, "CANCEL");
  return text;
}

/// A proxy between alice, at host 1, and the hosts that it forwards everything to.
struct Relay {
  explicit Relay(std::vector<Target> to) : targets(std::move(to)) {}

  SeededRandom random{1};
  Proxy proxy{{.record_route = "sip:192.0.2.9;lr"}, random};
  std::vector<Target> targets;
  Time now = Time{} + 1h;
  std::vector<Send> sent{};

  void drain() {
    while (std::optional<ProxyOutput> output = proxy.poll()) {
      if (auto* send = std::get_if<Send>(&*output)) sent.push_back(std::move(*send));
      const auto* event = std::get_if<ProxyEvent>(&*output);
      if (const auto* request = event ? std::get_if<ProxyRequest>(event) : nullptr)
        REQUIRE(proxy.forward(request->transaction, targets, now));
    }
  }
  void hears(std::uint8_t host, std::string_view bytes) {
    proxy.receive(udp(host), bytes, now);
    drain();
  }
  void wait(Duration duration) {
    const Time until = now + duration;
    for (; proxy.next_deadline() <= until; drain()) {
      now = std::max(now, proxy.next_deadline());
      proxy.tick(now);
    }
    now = until;
  }
  /// What went to that host and begins so.
  std::size_t sent_to(std::uint8_t host, std::string_view begin) const {
    return static_cast<std::size_t>(std::ranges::count_if(sent, [&](const Send& each) {
      return each.flow.remote == udp(host).remote && each.bytes.starts_with(begin);
    }));
  }
  /// That host answers the INVITE that it was sent, of which it need not read everything.
  void answers(std::uint8_t host, int status) {
    const auto invite = std::ranges::find_if(sent, [&](const Send& each) {
      return each.flow.remote == udp(host).remote && each.bytes.starts_with("INVITE");
    });
    REQUIRE(invite != sent.end());
    std::string text = "SIP/2.0 " + std::to_string(status) + " X\r\n";
    for (std::string_view rest = invite->bytes; !rest.empty();) {
      const std::string_view line = rest.substr(0, rest.find("\r\n") + 2);
      rest.remove_prefix(line.size());
      for (const std::string_view name : {"Via", "From", "Call-ID", "CSeq"})
        if (line.starts_with(name)) text += line;
    }
    hears(host, text + "To: <sip:bob@192.0.2.9>;tag=b\r\nContent-Length: 0\r\n\r\n");
  }
  void nothing_is_left() {
    wait(1h);
    CHECK(proxy.counts() == ProxyCounts{});
  }
};

/// The most that a proxy can pass on: by lines, and by the bytes of all of them.
const std::vector<std::string>& largest() {
  static const std::vector<std::string> all{
      invite_of(sip::headers_max - added_lines),
      invite_of(least_lines + 1, sip::header_section_size_max - 512)};
  return all;
}

/// What can be read, but not as it is to be passed on.
std::vector<std::string> too_large() {
  // It gets one when it is written.
  std::string without_length = invite_of(sip::headers_max - added_lines + 1);
  without_length.erase(without_length.find("Content-Length: 0\r\n"), 19);
  return {invite_of(sip::headers_max - added_lines + 1), invite_of(sip::headers_max),
          without_length,
          invite_of(least_lines + 1,
                    sip::header_section_size_max - invite_of(least_lines + 1, 0).size())};
}

TEST_CASE("RFC 3261 §9.1: the largest INVITE that is forwarded can be cancelled") {
  for (const std::string& invite : largest()) {
    Relay relay({{.flow = udp(2)}});
    relay.hears(1, invite);
    relay.answers(2, 180);
    relay.hears(1, cancel_of(invite));
    CHECK(relay.sent_to(2, "CANCEL sip:bob@192.0.2.9 SIP/2.0") == 1);
    relay.answers(2, 487);
    CHECK(relay.sent_to(2, "ACK") == 1);
    CHECK(relay.sent_to(1, "SIP/2.0 487") == 1);
    relay.nothing_is_left();
  }
}

TEST_CASE("RFC 3261 §21.5.7: an INVITE that could not be cancelled any more is refused with 513") {
  for (const std::string& invite : too_large()) {
    CAPTURE(invite.size());
    Relay relay({{.flow = udp(2)}});
    relay.hears(1, invite);
    CHECK(relay.sent_to(2, "") == 0);
    CHECK(relay.sent_to(1, "SIP/2.0 513 Message Too Large") == 1);
    relay.hears(1, cancel_of(invite));
    CHECK(relay.sent_to(2, "") == 0);
    relay.nothing_is_left();
  }
}

// A layer above that takes Request-URIs from others, as a location service does, may be handed one
// that cannot be read again.
constexpr std::string_view unreadable = "sip:b ob@192.0.2.2";

TEST_CASE(
    "RFC 3261 §9.1: an INVITE whose CANCEL cannot be made stays, and is given up in the end") {
  const std::string invite = invite_of(least_lines);
  Relay cancelled({{.flow = udp(2), .uri = std::string{unreadable}}});
  cancelled.hears(1, invite);
  cancelled.answers(2, 180);
  cancelled.hears(1, cancel_of(invite));
  CHECK(cancelled.sent_to(2, "CANCEL") == 0);
  cancelled.wait(33s);
  CHECK(cancelled.sent_to(1, "SIP/2.0 487") > 0);
  cancelled.nothing_is_left();

  Relay rings({{.flow = udp(2), .uri = std::string{unreadable}}});
  rings.hears(1, invite);
  rings.answers(2, 180);
  rings.wait(215s);  // timer C, RFC 3261 §16.8
  CHECK(rings.sent_to(1, "SIP/2.0 408") > 0);
  rings.nothing_is_left();

  Relay forked({{.flow = udp(2), .uri = std::string{unreadable}}, {.flow = udp(3)}});
  forked.hears(1, invite);
  forked.answers(2, 180);
  forked.answers(3, 200);
  CHECK(forked.sent_to(2, "CANCEL") == 0);
  CHECK(forked.sent_to(1, "SIP/2.0 200") == 1);
  forked.nothing_is_left();
}

TEST_CASE("RFC 3261 §17.1.1.3: what is sent for a refused INVITE is its ACK, or nothing") {
  for (const std::string& invite : largest()) {
    Relay relay({{.flow = udp(2)}});
    relay.hears(1, invite);
    for (int i = 0; i < 3; ++i) relay.answers(2, 486);
    CHECK(relay.sent_to(2, "INVITE") == 1);
    CHECK(relay.sent_to(2, "ACK sip:bob@192.0.2.9 SIP/2.0") == 3);
  }
  Relay relay({{.flow = udp(2), .uri = std::string{unreadable}}});
  relay.hears(1, invite_of(least_lines));
  for (int i = 0; i < 3; ++i) relay.answers(2, 486);
  CHECK(relay.sent_to(2, "") == 1);
  CHECK(relay.sent_to(1, "SIP/2.0 486") == 1);
  relay.nothing_is_left();
}

}  // namespace
}  // namespace kith::ua
