#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// Subscription-State = substate-value *( SEMI subexp-params )
/// substate-value = "active" / "pending" / "terminated" / extension-substate
/// RFC 6665 §8.2.3
template <class Text>
struct BasicSubscriptionState {
  static constexpr HeaderName name{.full = "Subscription-State"};
  using View = BasicSubscriptionState<std::string_view>;
  using Value = BasicSubscriptionState<std::string>;

  Text state{};
  BasicParams<Text, ';'> params{};

  /// Seconds.
  std::optional<std::uint32_t> expires() const { return seconds(params.find("expires")); }
  std::optional<std::string_view> reason() const { return params.find("reason"); }
  /// Seconds.
  std::optional<std::uint32_t> retry_after() const { return seconds(params.find("retry-after")); }

  static std::optional<BasicSubscriptionState> parse(Scanner& in) {
    return parse_as<BasicSubscriptionState>(in);
  }
  void write(Writer& out) const {
    out << state;
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.state, self.params); }
  bool operator==(const BasicSubscriptionState&) const = default;
};

using SubscriptionState = BasicSubscriptionState<std::string>;
using SubscriptionStateView = BasicSubscriptionState<std::string_view>;
/// Any token is a state; lenient notes times that are no numbers, and a reason that is no token.
bool read(Scanner& in, SubscriptionStateView& to);
static_assert(Header<SubscriptionState>);

namespace subscription_state {
inline constexpr std::string_view active = "active";
inline constexpr std::string_view pending = "pending";
inline constexpr std::string_view terminated = "terminated";
}  // namespace subscription_state

/// Why a subscription has ended, which says whether to try again: RFC 6665 §4.1.3
namespace subscription_reason {
inline constexpr std::string_view deactivated = "deactivated";
inline constexpr std::string_view probation = "probation";
inline constexpr std::string_view rejected = "rejected";
inline constexpr std::string_view timeout = "timeout";
inline constexpr std::string_view giveup = "giveup";
inline constexpr std::string_view noresource = "noresource";
inline constexpr std::string_view invariant = "invariant";
inline constexpr std::string_view badfilter = "badfilter";  // RFC 4660
inline constexpr std::string_view unknown = "unknown";
}  // namespace subscription_reason

}  // namespace kith::sip
