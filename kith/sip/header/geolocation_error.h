#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// Geolocation-Error = location-error-code *( SEMI location-error-params )
/// RFC 6442 §4.4
template <class Text>
struct BasicGeolocationError {
  static constexpr HeaderName name{.full = "Geolocation-Error"};
  using View = BasicGeolocationError<std::string_view>;
  using Value = BasicGeolocationError<std::string>;

  std::uint16_t code = 100;  // up to three digits
  BasicParams<Text, ';'> params{};

  /// For people; the parameter is called "code".
  std::optional<std::string_view> text() const { return params.find("code"); }

  static std::optional<BasicGeolocationError> parse(Scanner& in) {
    return parse_as<BasicGeolocationError>(in);
  }
  void write(Writer& out) const {
    out << code;
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.code, self.params); }
  bool operator==(const BasicGeolocationError&) const = default;
};

using GeolocationError = BasicGeolocationError<std::string>;
using GeolocationErrorView = BasicGeolocationError<std::string_view>;
/// Refuses a code of more than three digits in both modes; lenient notes its text without quotes.
bool read(Scanner& in, GeolocationErrorView& to);
static_assert(Header<GeolocationError>);

}  // namespace kith::sip
