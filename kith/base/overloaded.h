#pragma once

namespace kith {

/// Lambdas as the visitor of a variant.
template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};

}  // namespace kith
