#include "kith/capture/capture.h"

#include <algorithm>
#include <utility>

#include "kith/capture/limits.h"
#include "kith/capture/recognise.h"

namespace kith::capture {

namespace {

bool on_sip_port(const std::pair<Address, Address>& key) {
  const auto is_sip = [](std::uint16_t port) { return port == 5060 || port == 5061; };
  return is_sip(key.first.port) || is_sip(key.second.port);
}

}  // namespace

std::optional<Result<Found>> Capture::next() {
  while (found_.empty()) {
    const std::optional<Result<Packet>> packet = packets_.next();
    if (!packet) return std::nullopt;
    if (!*packet) return std::unexpected(packet->error());
    take(**packet);
  }
  Found first = std::move(found_.front());
  found_.pop_front();
  return first;
}

void Capture::take(const Packet& packet) {
  packet_ = packet;
  std::visit([this](const auto& carried) { on(carried); }, unpack(packet));
  packet_.bytes = {};
}

void Capture::remark(const Key& key, std::string_view what, std::size_t bytes) {
  found_.emplace_back(Remark{.place = place(key), .what = what, .bytes = bytes});
}

void Capture::on(const Datagram& datagram) {
  const Key key{datagram.from, datagram.to};
  const std::string_view payload = datagram.payload;
  const std::size_t begin = payload.find_first_not_of("\r\n");
  const bool sip = begin != std::string_view::npos && start_of(payload.substr(begin)) == Start::yes;
  if (!sip && (is_keep_alive(payload) || !on_sip_port(key))) {
    ++others_;
  } else if (!datagram.whole) {
    remark(key, "a datagram that the capture cut short", payload.size());
  } else if (!sip) {
    remark(key, "a datagram on a SIP port that holds no SIP message", payload.size());
  } else {
    found_.emplace_back(Captured{.place = place(key),
                                 .transport = Transport::udp,
                                 .bytes = std::string{payload},
                                 .framing = {}});
  }
}

void Capture::on(const Segment& segment) {
  const Key key{segment.from, segment.to};
  if (segment.syn && streams_.contains(key)) forget(key);
  if (segment.payload.empty() && !segment.syn && !streams_.contains(key)) {
    ++others_;
    return;
  }
  Stream& stream = stream_of(segment);
  stream.last_used = packet_.number;
  if (!segment.payload.empty()) add(key, stream, segment);
  if (segment.rst || (segment.fin && !stream.segments.waiting())) {
    finish(key, stream);
    stream.closed = true;
  }
  account(stream);
  give_up_quietest();
}

/// A connection that was there before the capture began is expected to go on where it is.
Capture::Stream& Capture::stream_of(const Segment& segment) {
  const std::uint32_t sequence = segment.sequence + (segment.syn ? 1U : 0U);
  return streams_.try_emplace({segment.from, segment.to}, sequence).first->second;
}

void Capture::add(const Key& key, Stream& stream, const Segment& segment) {
  const bool sip = stream.cutter.seen_message();
  if (!sip && !stream.told_tls && is_tls(segment.payload) && on_sip_port(key)) {
    remark(key, "a stream of TLS, which is not read", 0);
    stream.told_tls = true;
  }
  if (!segment.whole && (sip || on_sip_port(key)))
    remark(key, "a segment that the capture cut short", segment.payload.size());
  const std::uint32_t sequence = segment.sequence + (segment.syn ? 1U : 0U);
  switch (stream.segments.add(sequence, segment.payload)) {
    case Segments::Arrival::fresh:
      break;
    case Segments::Arrival::again:
      if (sip) remark(key, "a segment that was sent again", segment.payload.size());
      return;
    case Segments::Arrival::jump:
      if (sip) remark(key, "sequence numbers that begin anew", 0);
      finish(key, stream);
      stream.segments = Segments(sequence);
      stream.segments.add(sequence, segment.payload);
      break;
  }
  drain(key, stream);
  while (stream.segments.overfull()) skip_gap(key, stream);
}

/// Takes from the stream what is there in order.
void Capture::drain(const Key& key, Stream& stream) {
  while (const std::optional<std::string> bytes = stream.segments.next()) {
    stream.cutter.push(*bytes);
    std::optional<Cut> cut;
    do {
      cut = stream.cutter.next();
      const std::size_t skipped = stream.cutter.take_skipped();
      if (cut)
        found_.emplace_back(Captured{.place = place(key),
                                     .transport = Transport::tcp,
                                     .bytes = std::move(cut->bytes),
                                     .framing = cut->error});
      if (skipped > 0 && stream.cutter.seen_message())
        remark(key, "bytes that begin no message", skipped);
      else if (skipped > 0)
        ++others_;
    } while (cut);
  }
}

void Capture::skip_gap(const Key& key, Stream& stream) {
  const bool sip = stream.cutter.seen_message();
  const std::size_t missing = stream.segments.skip_gap();
  if (sip && missing > 0) remark(key, "a gap: bytes that the capture does not have", missing);
  const std::size_t lost = stream.cutter.restart();
  if (sip && lost > 0) remark(key, "the beginning of a message that the gap cut", lost);
  drain(key, stream);
}

void Capture::finish(const Key& key, Stream& stream) {
  while (stream.segments.waiting()) skip_gap(key, stream);
  const bool sip = stream.cutter.seen_message();
  const std::size_t lost = stream.cutter.restart();
  if (sip && lost > 0) remark(key, "a message whose end is not in the capture", lost);
}

void Capture::forget(const Key& key) {
  const auto found = streams_.find(key);
  finish(key, found->second);
  held_ -= found->second.held;
  streams_.erase(found);
}

void Capture::account(Stream& stream) {
  const std::size_t now = stream.segments.held() + stream.cutter.held();
  held_ = held_ - stream.held + now;
  stream.held = now;
}

void Capture::give_up_quietest() {
  while (streams_.size() > streams_max || held_ > held_bytes_max) {
    const auto quietest = std::ranges::min_element(
        streams_, {}, [](const Streams::value_type& each) { return each.second.last_used; });
    if (quietest->second.cutter.seen_message() && !quietest->second.closed)
      remark(quietest->first, "a stream given up, for there are too many", 0);
    forget(quietest->first);
  }
}

void Capture::end() {
  if (std::exchange(ended_, true)) return;
  if (packets_.buffered() > 0)
    remark({}, "the end of the file inside a packet", packets_.buffered());
  while (!streams_.empty()) forget(streams_.begin()->first);
}

}  // namespace kith::capture
