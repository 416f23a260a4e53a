#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// Who of the two sends the refreshes of a session.
enum class Refresher : std::uint8_t { uac, uas };

/// A header that is a time with parameters: delta-seconds *( SEMI generic-param )
/// RFC 4028 §4, §5
template <class Name, class Text>
struct DeltaSeconds {
  static constexpr HeaderName name = Name::name;
  using View = DeltaSeconds<Name, std::string_view>;
  using Value = DeltaSeconds<Name, std::string>;

  std::uint32_t seconds = 0;
  BasicParams<Text, ';'> params{};

  /// Nothing if it is still to be agreed.
  std::optional<Refresher> refresher() const
    requires(Name::has_refresher)
  {
    const std::optional<std::string_view> role = params.find("refresher");
    if (!role) return std::nullopt;
    return equal_ignoring_case(*role, "uac") ? Refresher::uac : Refresher::uas;
  }

  static std::optional<DeltaSeconds> parse(Scanner& in) { return parse_as<DeltaSeconds>(in); }
  void write(Writer& out) const {
    out << seconds;
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.seconds, self.params); }
  bool operator==(const DeltaSeconds&) const = default;
};

/// Refuses 2**32 and above in both modes; with `has_refresher`, every one but "uac" and "uas" too.
bool read_delta_seconds(Scanner& in, std::uint32_t& seconds, ParamsView& params,
                        bool has_refresher);

/// Looks at a refresher only where Name has one.
template <class Name>
bool read(Scanner& in, DeltaSeconds<Name, std::string_view>& to) {
  return read_delta_seconds(in, to.seconds, to.params, Name::has_refresher);
}

/// The same time and parameters, these in any order and case: RFC 3261 §7.3.1
template <class Name, class A, class B>
bool equivalent(const DeltaSeconds<Name, A>& a, const DeltaSeconds<Name, B>& b) {
  return a.seconds == b.seconds && equivalent(a.params, b.params);
}

}  // namespace kith::sip
