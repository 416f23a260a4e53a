#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// Why a server of Microsoft refused: error-id *( SEMI generic-param ); [MS-OCER] §2.2.1
template <class Name, class Text>
struct MsDiagnosis {
  static constexpr HeaderName name = Name::name;
  using View = MsDiagnosis<Name, std::string_view>;
  using Value = MsDiagnosis<Name, std::string>;

  std::uint32_t id{};
  BasicParams<Text, ';'> params{};

  /// Shown to people.
  std::optional<std::string_view> reason() const { return params.find("reason"); }
  /// The host that says so.
  std::optional<std::string_view> source() const { return params.find("source"); }

  static std::optional<MsDiagnosis> parse(Scanner& in) { return parse_as<MsDiagnosis>(in); }
  void write(Writer& out) const {
    out << id;
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.id, self.params); }
  bool operator==(const MsDiagnosis&) const = default;
};

/// Refuses an error-id of 2**32 and above in both modes; the parameters may be any.
template <class Name>
bool read(Scanner& in, MsDiagnosis<Name, std::string_view>& to) {
  return in.number(to.id) && read(in, to.params);
}

}  // namespace kith::sip
