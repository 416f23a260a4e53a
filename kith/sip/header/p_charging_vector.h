#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"
#include "kith/sip/shape/param_list.h"

namespace kith::sip {

/// P-Charging-Vector = icid-value *( SEMI charge-params )
/// icid-value        = "icid-value" EQUAL gen-value
/// charge-params     = icid-gen-addr / orig-ioi / term-ioi / transit-ioi / related-icid /
///                     related-icid-gen-addr / generic-param
/// RFC 7315 §5.6: by what the bills of several networks are told to be of one call
template <class Text>
struct BasicPChargingVector {
  static constexpr HeaderName name{.full = "P-Charging-Vector"};
  using View = BasicPChargingVector<std::string_view>;
  using Value = BasicPChargingVector<std::string>;

  BasicParams<Text, ';'> params{};  // icid-value is one of them, and stands first

  /// Never empty in a header that was read.
  std::string_view icid_value() const { return params.find("icid-value").value_or(""); }
  /// A host: who made the icid-value.
  std::optional<std::string_view> icid_generated_at() const {
    return params.find("icid-generated-at");
  }
  /// Operators: of the side that calls, that is called, and in between. The last is a list
  /// within one quoted-string, as RFC 7315 §5.6 has it: "a.1, void, b.2".
  std::optional<std::string_view> orig_ioi() const { return params.find("orig-ioi"); }
  std::optional<std::string_view> term_ioi() const { return params.find("term-ioi"); }
  std::optional<std::string_view> transit_ioi() const { return params.find("transit-ioi"); }
  std::optional<std::string_view> related_icid() const { return params.find("related-icid"); }
  /// A host.
  std::optional<std::string_view> related_icid_generated_at() const {
    return params.find("related-icid-generated-at");
  }

  static std::optional<BasicPChargingVector> parse(Scanner& in) {
    return parse_as<BasicPChargingVector>(in);
  }
  void write(Writer& out) const { write_param_list(out, params); }
  static auto tie(auto& self) { return std::tie(self.params); }
  bool operator==(const BasicPChargingVector&) const = default;
};

using PChargingVector = BasicPChargingVector<std::string>;
using PChargingVectorView = BasicPChargingVector<std::string_view>;
/// Without an icid-value `missing` in both modes; lenient notes one that does not stand first, and
/// hosts and networks that break their grammar.
bool read(Scanner& in, PChargingVectorView& to);
static_assert(Header<PChargingVector>);

}  // namespace kith::sip
