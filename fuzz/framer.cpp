// A stream, cut anyhow: any split of it gives the same frames.

#include "kith/sip/framer.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/target.h"
#include "kith/sip/limits.h"

using namespace kith;

namespace {

struct Outcome {
  std::vector<std::string> frames;  // of a keep-alive: empty
  std::optional<Fault> lost;

  bool operator==(const Outcome&) const = default;
};

void drain(sip::Framer& framer, Outcome& outcome) {
  while (const std::optional<Result<sip::Frame>> frame = framer.next()) {
    if (!*frame) {
      outcome.lost = frame->error().fault;
      return;
    }
    const bool message = (*frame)->kind == sip::Frame::Kind::message;
    ensure((*frame)->bytes.empty() == !message);
    outcome.frames.push_back((*frame)->bytes);
  }
  ensure(framer.buffered() <= sip::message_size_max + 4);
}

/// In pieces whose sizes come round and round; of none: all at once.
Outcome cut(std::string_view stream, std::string_view sizes) {
  sip::Framer framer;
  Outcome outcome;
  for (std::size_t i = 0; !stream.empty() && !outcome.lost; ++i) {
    std::size_t size = stream.size();
    if (!sizes.empty()) size = 1U + static_cast<std::uint8_t>(sizes[i % sizes.size()]);
    framer.push(stream.substr(0, size));
    drain(framer, outcome);
    stream.remove_prefix(std::min(size, stream.size()));
  }
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::string_view sizes = input.take(4);
  const Outcome whole = cut(input.rest(), {});
  ensure(cut(input.rest(), sizes) == whole);
  constexpr std::string_view one_by_one("\0", 1);
  ensure(cut(input.rest(), one_by_one) == whole);
  return 0;
}
