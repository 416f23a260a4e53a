#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/base/text.h"
#include "kith/sip/header.h"
#include "kith/sip/params.h"
#include "kith/sip/qvalue.h"
#include "kith/sip/shape/param_rules.h"

namespace kith::sip {

/// A security mechanism that two neighbours may agree on:
/// sec-mechanism  = mechanism-name *( SEMI mech-parameters )
/// mechanism-name = "digest" / "tls" / "ipsec-ike" / "ipsec-man" / token
/// RFC 3329 §2.2; "ipsec-3gpp" and what it adds: RFC 3329 §A, and spi-c to port-s from 3GPP TS
/// 33.203 H.
/// A parameter that is known has the value that its grammar wants, or the header is refused.
template <class Name, class Text>
struct SecMechanism {
  static constexpr HeaderName name = Name::name;
  using View = SecMechanism<Name, std::string_view>;
  using Value = SecMechanism<Name, std::string>;

  Text mechanism{};  // as it came; compare without regard to case
  BasicParams<Text, ';'> params{};

  /// The higher, the more preferred.
  std::optional<QValue> q() const { return QValue::parse(params.find("q")); }

  /// Of "digest": algorithm, qop, and 32 lower-case hexadecimal digits.
  std::optional<std::string_view> d_alg() const { return params.find("d-alg"); }
  std::optional<std::string_view> d_qop() const { return params.find("d-qop"); }
  std::optional<std::string_view> d_ver() const { return params.find("d-ver"); }

  /// Of "ipsec-3gpp": algorithm of integrity and of encryption, protocol ("ah", "esp"), mode.
  std::optional<std::string_view> alg() const { return params.find("alg"); }
  std::optional<std::string_view> ealg() const { return params.find("ealg"); }
  std::optional<std::string_view> prot() const { return params.find("prot"); }
  std::optional<std::string_view> mod() const { return params.find("mod"); }

  /// Security parameter indexes and ports of client (c) and server (s). RFC 3329 has spi, port1
  /// and port2, which 3GPP replaced by the four.
  std::optional<std::uint32_t> spi() const { return number<std::uint32_t>("spi"); }
  std::optional<std::uint32_t> spi_c() const { return number<std::uint32_t>("spi-c"); }
  std::optional<std::uint32_t> spi_s() const { return number<std::uint32_t>("spi-s"); }
  std::optional<std::uint16_t> port1() const { return number<std::uint16_t>("port1"); }
  std::optional<std::uint16_t> port2() const { return number<std::uint16_t>("port2"); }
  std::optional<std::uint16_t> port_c() const { return number<std::uint16_t>("port-c"); }
  std::optional<std::uint16_t> port_s() const { return number<std::uint16_t>("port-s"); }

  static std::optional<SecMechanism> parse(Scanner& in) { return parse_as<SecMechanism>(in); }
  void write(Writer& out) const {
    out << mechanism;
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.mechanism, self.params); }
  bool operator==(const SecMechanism&) const = default;

 private:
  template <class Number>
  std::optional<Number> number(std::string_view param) const {
    return sip::number<Number>(params.find(param));
  }
};

/// A token, and parameters of which each that is known keeps to its grammar: RFC 3329 §2.2
bool read_sec_mechanism(Scanner& in, std::string_view& mechanism, ParamsView& params);

/// Any token is a mechanism; what is refused of its parameters, SecMechanism says.
template <class Name>
bool read(Scanner& in, SecMechanism<Name, std::string_view>& to) {
  return read_sec_mechanism(in, to.mechanism, to.params);
}

/// The same mechanism with the same parameters, in any order and case, RFC 3261 §7.3.1; also
/// between the headers, as a Security-Verify repeats what a Security-Server said.
template <class NameA, class TextA, class NameB, class TextB>
bool equivalent(const SecMechanism<NameA, TextA>& a, const SecMechanism<NameB, TextB>& b) {
  return equal_ignoring_case(a.mechanism, b.mechanism) && equivalent(a.params, b.params);
}

}  // namespace kith::sip
