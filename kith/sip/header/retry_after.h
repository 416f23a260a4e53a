#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// Retry-After = delta-seconds [ comment ] *( SEMI retry-param )
/// RFC 3261 §20.33
template <class Text>
struct BasicRetryAfter {
  static constexpr HeaderName name{.full = "Retry-After"};
  using View = BasicRetryAfter<std::string_view>;
  using Value = BasicRetryAfter<std::string>;

  std::uint32_t seconds = 0;
  Text comment{};  // without its outer parentheses
  BasicParams<Text, ';'> params{};

  /// Seconds for which the callee can then be reached; nothing if absent or no number.
  std::optional<std::uint32_t> duration() const { return sip::seconds(params.find("duration")); }

  static std::optional<BasicRetryAfter> parse(Scanner& in) { return parse_as<BasicRetryAfter>(in); }
  void write(Writer& out) const;
  static auto tie(auto& self) { return std::tie(self.seconds, self.comment, self.params); }
  bool operator==(const BasicRetryAfter&) const = default;
};

using RetryAfter = BasicRetryAfter<std::string>;
using RetryAfterView = BasicRetryAfter<std::string_view>;
/// Refuses a comment that is not closed in both modes; lenient notes a duration that is no number.
bool read(Scanner& in, RetryAfterView& to);
static_assert(Header<RetryAfter>);

}  // namespace kith::sip
