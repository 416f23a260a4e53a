#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "kith/base/random.h"

namespace kith::grammar {

/// A few bytes changed, left out, doubled or taken from elsewhere.
inline std::string mutated(std::string text, SeededRandom& random) {
  constexpr std::string_view likely = " \t;,=\"\\<>@:/()[]%?&*.-_0aZ\x01\x80\xff";
  for (std::uint64_t n = random.below(4); n > 0 && !text.empty(); --n) {
    const std::size_t at = random.below(text.size());
    switch (random.below(4)) {
      case 0:
        text[at] = likely[random.below(likely.size())];
        break;
      case 1:
        text.erase(at, 1 + random.below(3));
        break;
      case 2:
        text.insert(at, 1, likely[random.below(likely.size())]);
        break;
      default:
        text.insert(at, text.substr(random.below(text.size()), random.below(8)));
        break;
    }
  }
  return text;
}

}  // namespace kith::grammar
