#pragma once

#include <cstddef>
#include <stdexcept>
#include <variant>
#include <vector>

#include "kith/base/time.h"

namespace kith::ua::testing {

/// When a test begins.
inline constexpr Time start = Time{} + 1'763'689'728s;

/// What came out of something, in order. `Event` is a variant.
template <class Event>
struct Heard {
  std::vector<Event> events{};

  template <class E>
  std::vector<E> all() const {
    std::vector<E> found;
    for (const Event& event : events)
      if (const auto* each = std::get_if<E>(&event)) found.push_back(*each);
    return found;
  }
  template <class E>
  const E& last() const {
    for (std::size_t i = events.size(); i > 0; --i)
      if (const auto* each = std::get_if<E>(&events[i - 1])) return *each;
    throw std::logic_error("nothing of this kind was heard");
  }
};

}  // namespace kith::ua::testing
