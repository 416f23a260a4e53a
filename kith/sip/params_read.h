#pragma once

// Parameters as nearly all headers have them, inline for params.cpp and for who reads a header on
// the hot path; nobody else includes this. What is seldom met is in params.cpp.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "kith/base/scanner.h"
#include "kith/sip/params.h"

namespace kith::sip::detail {

/// The names of a few parameters, as far as that none of them was given twice is told by a bit for
/// each: one of 64, by the first letter and the length. Two names may share one, then whoever asks
/// has to compare them.
class FewNames {
 public:
  /// False if this name may have been there before.
  [[gnu::always_inline]] bool add(std::string_view name) {
    const auto first = static_cast<unsigned char>(name.front() | 0x20);
    const std::uint64_t bit = std::uint64_t{1} << (first + 5 * name.size()) % 64;
    const bool is_new = (seen_ & bit) == 0;
    seen_ |= bit;
    return is_new;
  }

 private:
  std::uint64_t seen_ = 0;
};

/// *( ";" name [ "=" value ] ) of words, each name given once, up to a comma or the end. Of any
/// others nothing is kept, and false returned.
[[gnu::always_inline]] inline bool read_usual_params(Cursor& in, ParamsView& params) {
  const char* const start = in.position();
  FewNames names;
  while (in.next(';')) {
    const std::string_view name = in.word();
    if (name.empty() || (in.next('=') && in.word().empty()) || !names.add(name)) return false;
  }
  if (!in.at_end() && in.peek() != ',') return false;
  params = ParamsView::of(in.since(start));
  return true;
}

}  // namespace kith::sip::detail
