#include "kith/sip/shape/sec_mechanism.h"

#include <algorithm>
#include <array>

namespace kith::sip {

namespace {

bool is_qvalue(const Param& param) { return !param.quoted && QValue::parse(param.value); }

/// digest-verify = "d-ver" EQUAL LDQUOT 32LHEX RDQUOT
bool is_digest(const Param& param) { return param.quoted && is_lower_hex(param.value, 32); }

struct Rule {
  std::string_view name;
  ParamRule holds;
};
constexpr std::array rules{
    Rule{"q", is_qvalue},
    Rule{"d-alg", is_token},
    Rule{"d-qop", is_token},
    Rule{"d-ver", is_digest},
    Rule{"alg", is_token},
    Rule{"ealg", is_token},
    Rule{"prot", is_token},
    Rule{"mod", is_token},
    Rule{"spi", is_number<std::uint32_t>},
    Rule{"spi-c", is_number<std::uint32_t>},
    Rule{"spi-s", is_number<std::uint32_t>},
    Rule{"port1", is_number<std::uint16_t>},
    Rule{"port2", is_number<std::uint16_t>},
    Rule{"port-c", is_number<std::uint16_t>},
    Rule{"port-s", is_number<std::uint16_t>},
};

bool keeps_its_rule(const Param& param) {
  return std::ranges::all_of(rules, [&param](const Rule& rule) {
    return !equal_ignoring_case(rule.name, param.name) || rule.holds(param);
  });
}

}  // namespace

bool read_sec_mechanism(Scanner& in, std::string_view& mechanism, ParamsView& params) {
  if (!in.token(mechanism) || !read(in, params)) return false;
  return std::ranges::all_of(params, keeps_its_rule);
}

}  // namespace kith::sip
