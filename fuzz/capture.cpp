// A capture file, cut anyhow: any split of it gives the same packets, the same messages and
// remarks, and what is held has its bound. The first four bytes say where to split it.

#include "kith/capture/capture.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fuzz/target.h"
#include "kith/capture/limits.h"

using namespace kith;

namespace {

/// What was found, in order, each as text.
struct Outcome {
  std::vector<std::string> found;
  std::optional<Error> lost;

  bool operator==(const Outcome&) const = default;
};

std::string told(const capture::Found& found) {
  if (const auto* const remark = std::get_if<capture::Remark>(&found))
    return std::to_string(remark->place.packet) + ' ' + std::string{remark->what} + ' ' +
           std::to_string(remark->bytes);
  const auto& message = std::get<capture::Captured>(found);
  ensure(!message.bytes.empty());
  return std::to_string(message.place.packet) + (message.framing ? " broken " : " whole ") +
         message.bytes;
}

void drain(capture::Capture& capture, Outcome& outcome) {
  while (const std::optional<Result<capture::Found>> found = capture.next()) {
    if (!*found) {
      outcome.lost = found->error();
      break;
    }
    outcome.found.push_back(told(**found));
  }
  ensure(capture.held() <= capture::held_bytes_max);
}

/// In pieces whose sizes come round and round; of none: all at once.
Outcome read(std::string_view file, std::string_view sizes) {
  capture::Capture capture;
  Outcome outcome;
  for (std::size_t i = 0; !file.empty() && !outcome.lost; ++i) {
    std::size_t size = file.size();
    if (!sizes.empty()) size = 1U + static_cast<std::uint8_t>(sizes[i % sizes.size()]);
    capture.push(file.substr(0, size));
    drain(capture, outcome);
    file.remove_prefix(std::min(size, file.size()));
  }
  if (outcome.lost) return outcome;
  capture.end();
  drain(capture, outcome);
  ensure(capture.held() == 0);
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::string_view sizes = input.take(4);
  const Outcome whole = read(input.rest(), {});
  ensure(read(input.rest(), sizes) == whole);
  constexpr std::string_view one_by_one("\0", 1);
  ensure(read(input.rest(), one_by_one) == whole);
  return 0;
}
