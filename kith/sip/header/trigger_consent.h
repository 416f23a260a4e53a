#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"
#include "kith/sip/uri.h"

namespace kith::sip {

/// Trigger-Consent = trigger-cons-spec *( COMMA trigger-cons-spec )
/// trigger-cons-spec = ( SIP-URI / SIPS-URI ) *( SEMI trigger-param )
/// RFC 5360 §5.11.2. Without angle brackets, what follows a semicolon belongs to the header and not
/// to the URI: RFC 3261 §20
template <class Text>
struct BasicTriggerConsent {
  static constexpr HeaderName name{.full = "Trigger-Consent", .multi = true};
  using View = BasicTriggerConsent<std::string_view>;
  using Value = BasicTriggerConsent<std::string>;

  BasicUri<Text> uri{};  // without parameters and headers
  BasicParams<Text, ';'> params{};

  /// Where the requests are to be relayed to once permission is there.
  std::optional<std::string_view> target_uri() const { return params.find("target-uri"); }

  static std::optional<BasicTriggerConsent> parse(Scanner& in) {
    return parse_as<BasicTriggerConsent>(in);
  }
  void write(Writer& out) const {
    uri.write(out);
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.uri, self.params); }
  bool operator==(const BasicTriggerConsent&) const = default;
};

using TriggerConsent = BasicTriggerConsent<std::string>;
using TriggerConsentView = BasicTriggerConsent<std::string_view>;
/// Refuses a URI that is neither sip nor sips in both modes; lenient notes a target-uri without
/// quotes.
bool read(Scanner& in, TriggerConsentView& to);
static_assert(Header<TriggerConsent>);

}  // namespace kith::sip
