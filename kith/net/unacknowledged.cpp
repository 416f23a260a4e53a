#include "kith/net/unacknowledged.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace kith::net {

void Unacknowledged::add(std::vector<std::string> messages, std::uint64_t written_size_bytes) {
  if (!messages.empty()) batches_.push_back({written_size_bytes, std::move(messages)});
}

void Unacknowledged::forget(std::uint64_t acknowledged_size_bytes) {
  while (!batches_.empty() && batches_.front().end <= acknowledged_size_bytes) batches_.pop_front();
}

std::vector<std::string> Unacknowledged::take() {
  std::vector<std::string> all;
  for (Batch& batch : std::exchange(batches_, {}))
    std::ranges::move(batch.messages, std::back_inserter(all));
  return all;
}

}  // namespace kith::net
