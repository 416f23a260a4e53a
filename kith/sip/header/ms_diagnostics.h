#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// ms-diagnostics = error-id *( SEMI generic-param )
/// [MS-OCER] §2.2.1; reason="…" is shown to people
template <class Text>
struct BasicMsDiagnostics {
  static constexpr HeaderName name{.full = "ms-diagnostics"};
  using View = BasicMsDiagnostics<std::string_view>;
  using Value = BasicMsDiagnostics<std::string>;

  std::uint32_t id{};
  BasicParams<Text, ';'> params{};

  std::optional<std::string_view> reason() const { return params.find("reason"); }

  static std::optional<BasicMsDiagnostics> parse(Scanner& in) {
    return parse_as<BasicMsDiagnostics>(in);
  }
  void write(Writer& out) const {
    out << id;
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.id, self.params); }
  bool operator==(const BasicMsDiagnostics&) const = default;
};

using MsDiagnostics = BasicMsDiagnostics<std::string>;
using MsDiagnosticsView = BasicMsDiagnostics<std::string_view>;
bool read(Scanner& in, MsDiagnosticsView& to);
static_assert(Header<MsDiagnostics>);

}  // namespace kith::sip
