#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/base/text.h"
#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// Request-Disposition = directive *( COMMA directive )
/// directive = "proxy" / "redirect" / "cancel" / "no-cancel" / "fork" / "no-fork" / "recurse" /
///             "no-recurse" / "parallel" / "sequential" / "queue" / "no-queue"
/// RFC 3841 §9.1
template <class Text>
struct BasicRequestDisposition {
  static constexpr HeaderName name{.full = "Request-Disposition", .compact = 'd', .multi = true};
  using View = BasicRequestDisposition<std::string_view>;
  using Value = BasicRequestDisposition<std::string>;

  Text directive{};

  /// is("no-fork"), in any case.
  bool is(std::string_view other) const { return equal_ignoring_case(directive, other); }

  static std::optional<BasicRequestDisposition> parse(Scanner& in) {
    return parse_as<BasicRequestDisposition>(in);
  }
  void write(Writer& out) const { out << directive; }
  static auto tie(auto& self) { return std::tie(self.directive); }
  bool operator==(const BasicRequestDisposition&) const = default;
};

using RequestDisposition = BasicRequestDisposition<std::string>;
using RequestDispositionView = BasicRequestDisposition<std::string_view>;
bool read(Scanner& in, RequestDispositionView& to);
static_assert(Header<RequestDisposition>);

}  // namespace kith::sip
