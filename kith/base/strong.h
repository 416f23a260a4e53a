#pragma once

#include <compare>
#include <cstddef>
#include <functional>

namespace kith {

/// A value that cannot be mixed up with another of the same representation.
template <class Name, class Value>
struct Strong {
  Value value{};

  auto operator<=>(const Strong&) const = default;
};

}  // namespace kith

template <class Name, class Value>
struct std::hash<kith::Strong<Name, Value>> {
  std::size_t operator()(const kith::Strong<Name, Value>& strong) const {
    return std::hash<Value>{}(strong.value);
  }
};
