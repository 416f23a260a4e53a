#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

#include "kith/sip/params.h"

namespace kith::sip {

/// What a header says of a parameter beyond its form. Where nothing can be made of a value that is
/// not what its name says, a reader asks the rule after it has read the parameters, and refuses in
/// both modes. Where the header means something without the parameter, it reads them by
/// read_params(): generic-param has a place for any value, and real peers send some.

/// The whole text as a number that fits; nothing for anything else.
template <class Number = std::uint32_t>
std::optional<Number> number(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  Scanner in(*text);
  Number value = 0;
  if (!in.number(value) || !in.at_end()) return std::nullopt;
  return value;
}
/// LHEX = DIGIT / %x61-66, exactly so many: RFC 3261 §25.1
bool is_lower_hex(std::string_view text, std::size_t length);

/// LHEX of any length, perhaps none, in quotes: what RFC 3261 §25.1 calls a digest. Its length is
/// that of the algorithm.
bool is_quoted_hex(const Param& param);
/// 8LHEX without quotes: RFC 3261 §25.1
bool is_nonce_count(const Param& param);
/// qvalue: RFC 3261 §25.1
bool is_qvalue(const Param& param);
/// ttl = 1*3DIGIT, 0 to 255: RFC 3261 §25.1
bool is_ttl(const Param& param);
/// host: RFC 3261 §25.1
bool is_host(const Param& param);
/// IPv4address or IPv6address; brackets around the latter are read as well, for many write them.
bool is_address(const Param& param);
/// A flag, or a port from 1 to 65535: RFC 3581 §3
bool is_port_or_flag(const Param& param);
/// "true" or "false" in any case.
bool is_truth(const Param& param);
/// index-val = number *( "." number ), a number without a leading zero: RFC 7044 §5
bool is_index(const Param& param);
/// The value is a quoted-string.
inline bool is_quoted(const Param& param) { return param.quoted; }
/// The value is a token without quotes.
bool is_token(const Param& param);
/// The value is 1*DIGIT without quotes, and fits.
template <class Number = std::uint32_t>
bool is_number(const Param& param) {
  return !param.quoted && number<Number>(param.value);
}

using ParamRule = bool (*)(const Param& param);
/// Each parameter of that name keeps the rule; one that is absent does too.
bool holds_if_there(const ParamsView& params, std::string_view name, ParamRule rule);
/// Stands there exactly once, with a token for its value.
bool is_token_once(const ParamsView& params, std::string_view name);
/// Is absent, or one of these in any case, without quotes.
bool is_one_of_if_there(const ParamsView& params, std::string_view name,
                        std::initializer_list<std::string_view> values);

/// What the value of the parameters of that name, in any case, must be.
struct NamedRule {
  std::string_view name;
  ParamRule holds;
};
using NamedRules = std::span<const NamedRule>;

/// Each parameter that has a rule keeps it; in lenient mode one that does not is noted. `before` is
/// the scanner as it stood before it read them: an error and a note are about the value.
bool keep_rules(Scanner& in, const Scanner& before, const ParamsView& params, NamedRules rules);
/// The same of parameters with commas between them.
bool keep_rules(Scanner& in, const Scanner& before, const AuthParamsView& params, NamedRules rules);

/// Reads parameters and holds them to their rules. Where a broken one would be allowed and nobody
/// hear of it, nothing is looked at a second time.
template <class Params>
[[gnu::always_inline]] inline bool read_params(Scanner& in, Params& params, NamedRules rules) {
  if (!in.strict() && !in.notes()) return read(in, params);
  const Scanner before = in;
  return read(in, params) && keep_rules(in, before, params, rules);
}

}  // namespace kith::sip
