#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// P-Access-Network-Info = access-net-spec *( COMMA access-net-spec )
/// access-net-spec       = ( access-type / access-class ) *( SEMI access-info )
/// RFC 7315 §5.4, access-info as amended by RFC 7913 §2
template <class Text>
struct BasicPAccessNetworkInfo {
  static constexpr HeaderName name{.full = "P-Access-Network-Info", .multi = true};
  using View = BasicPAccessNetworkInfo<std::string_view>;
  using Value = BasicPAccessNetworkInfo<std::string>;

  Text access_type{};  // "3GPP-E-UTRAN-FDD"; or a class: "3GPP-E-UTRAN". As it came
  BasicParams<Text, ';'> params{};

  /// In any case, as tokens compare.
  bool is(std::string_view type) const { return equal_ignoring_case(access_type, type); }

  /// Where the terminal is: of cells.
  std::optional<std::string_view> cgi_3gpp() const { return params.find("cgi-3gpp"); }
  std::optional<std::string_view> utran_cell_id_3gpp() const {
    return params.find("utran-cell-id-3gpp");
  }
  std::optional<std::string_view> utran_sai_3gpp() const { return params.find("utran-sai-3gpp"); }
  std::optional<std::string_view> ci_3gpp2() const { return params.find("ci-3gpp2"); }
  std::optional<std::string_view> ci_3gpp2_femto() const { return params.find("ci-3gpp2-femto"); }
  /// Of everything else.
  std::optional<std::string_view> i_wlan_node_id() const { return params.find("i-wlan-node-id"); }
  std::optional<std::string_view> dsl_location() const { return params.find("dsl-location"); }
  std::optional<std::string_view> eth_location() const { return params.find("eth-location"); }
  std::optional<std::string_view> fiber_location() const { return params.find("fiber-location"); }
  std::optional<std::string_view> gstn_location() const { return params.find("gstn-location"); }
  std::optional<std::string_view> dvb_rcs2_node_id() const {
    return params.find("dvb-rcs2-node-id");
  }
  std::optional<std::string_view> operator_specific_gi() const {
    return params.find("operator-specific-GI");
  }
  std::optional<std::string_view> local_time_zone() const { return params.find("local-time-zone"); }
  /// Whether the network says so; otherwise the terminal does.
  bool network_provided() const { return params.has("network-provided"); }

  static std::optional<BasicPAccessNetworkInfo> parse(Scanner& in) {
    return parse_as<BasicPAccessNetworkInfo>(in);
  }
  void write(Writer& out) const {
    out << access_type;
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.access_type, self.params); }
  bool operator==(const BasicPAccessNetworkInfo&) const = default;
};

using PAccessNetworkInfo = BasicPAccessNetworkInfo<std::string>;
using PAccessNetworkInfoView = BasicPAccessNetworkInfo<std::string_view>;
/// Any token is an access-type; lenient notes a local-time-zone or a dvb-rcs2-node-id that has no
/// quotes.
bool read(Scanner& in, PAccessNetworkInfoView& to);
static_assert(Header<PAccessNetworkInfo>);

}  // namespace kith::sip
