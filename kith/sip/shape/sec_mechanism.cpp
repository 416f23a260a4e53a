#include "kith/sip/shape/sec_mechanism.h"

#include <algorithm>
#include <array>

namespace kith::sip {

namespace {

/// digest-verify = "d-ver" EQUAL LDQUOT 32LHEX RDQUOT
bool is_digest(const Param& param) { return param.quoted && is_lower_hex(param.value, 32); }

constexpr std::array mechanism_rules{
    NamedRule{"q", is_qvalue},
    NamedRule{"d-alg", is_token},
    NamedRule{"d-qop", is_token},
    NamedRule{"d-ver", is_digest},
    NamedRule{"alg", is_token},
    NamedRule{"ealg", is_token},
    NamedRule{"prot", is_token},
    NamedRule{"mod", is_token},
    NamedRule{"spi", is_number<std::uint32_t>},
    NamedRule{"spi-c", is_number<std::uint32_t>},
    NamedRule{"spi-s", is_number<std::uint32_t>},
    NamedRule{"port1", is_number<std::uint16_t>},
    NamedRule{"port2", is_number<std::uint16_t>},
    NamedRule{"port-c", is_number<std::uint16_t>},
    NamedRule{"port-s", is_number<std::uint16_t>},
};

bool keeps_its_rule(const Param& param) {
  return std::ranges::all_of(mechanism_rules, [&param](const NamedRule& rule) {
    return !equal_ignoring_case(rule.name, param.name) || rule.holds(param);
  });
}

}  // namespace

bool read_sec_mechanism(Scanner& in, std::string_view& mechanism, ParamsView& params) {
  if (!in.token(mechanism) || !read(in, params)) return false;
  return std::ranges::all_of(params, keeps_its_rule);
}

}  // namespace kith::sip
