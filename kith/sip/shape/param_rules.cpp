#include "kith/sip/shape/param_rules.h"

#include <algorithm>

#include "kith/base/address.h"
#include "kith/sip/qvalue.h"
#include "kith/sip/uri.h"

namespace kith::sip {

namespace {

constexpr CharSet lower_hex_digits = digits | CharSet{"abcdef"};

template <class Holds>
bool each(const ParamsView& params, std::string_view name, Holds holds) {
  return std::ranges::all_of(params, [&](const Param& param) {
    return !equal_ignoring_case(param.name, name) || holds(param);
  });
}

/// Where the value begins; where it would, if there is none.
const char* value_of(const Param& param) {
  if (param.value.data() == nullptr) return param.name.data() + param.name.size();
  return param.value.data() - (param.quoted ? 1 : 0);
}

template <class Params>
bool keep(Scanner& in, const Scanner& before, const Params& params, NamedRules rules) {
  for (const Param& param : params)
    for (const NamedRule& rule : rules) {
      if (!equal_ignoring_case(rule.name, param.name) || rule.holds(param)) continue;
      Scanner at = before;
      at.skip(static_cast<std::size_t>(value_of(param) - before.position()));
      if (at.allow("parameter whose value is not of its kind")) continue;
      in = at;
      return false;
    }
  return true;
}

}  // namespace

bool is_lower_hex(std::string_view text, std::size_t length) {
  return text.size() == length &&
         std::ranges::all_of(text, [](char c) { return lower_hex_digits[c]; });
}

bool is_token(const Param& param) {
  return !param.quoted && !param.value.empty() &&
         std::ranges::all_of(param.value, [](char c) { return token_chars[c]; });
}

bool is_quoted_hex(const Param& param) {
  return param.quoted && is_lower_hex(param.value, param.value.size());
}

bool is_nonce_count(const Param& param) {
  constexpr std::size_t nonce_count_length = 8;
  return !param.quoted && is_lower_hex(param.value, nonce_count_length);
}

bool is_qvalue(const Param& param) { return !param.quoted && QValue::parse(param.value); }

bool is_ttl(const Param& param) {
  constexpr std::size_t ttl_length_max = 3;
  return param.value.size() <= ttl_length_max && is_number<std::uint8_t>(param);
}

bool is_host(const Param& param) {
  Scanner in(param.value, Mode::strict);
  std::string_view host;
  std::optional<std::uint16_t> port;
  return !param.quoted && read_host(in, host, port) && in.at_end() && !port;
}

bool is_address(const Param& param) {
  const bool brackets = param.value.starts_with('[');
  return !param.quoted && (!brackets || param.value.contains(':')) &&
         Address::parse_host(param.value, 0);
}

bool is_port_or_flag(const Param& param) {
  return !param.quoted && (param.value.empty() || number<std::uint16_t>(param.value).value_or(0));
}

bool is_truth(const Param& param) {
  return !param.quoted &&
         (equal_ignoring_case(param.value, "true") || equal_ignoring_case(param.value, "false"));
}

bool is_index(const Param& param) {
  Scanner in(param.value);
  do {
    std::string_view number;
    if (!in.run(digits, number) || (number.size() > 1 && number.front() == '0')) return false;
  } while (in.next('.'));
  return in.at_end() && !param.quoted;
}

bool holds_if_there(const ParamsView& params, std::string_view name, ParamRule rule) {
  return each(params, name, rule);
}

bool is_token_once(const ParamsView& params, std::string_view name) {
  int count = 0;
  const bool tokens = each(params, name, [&count](const Param& param) {
    ++count;
    return is_token(param);
  });
  return tokens && count == 1;
}

bool is_one_of_if_there(const ParamsView& params, std::string_view name,
                        std::initializer_list<std::string_view> values) {
  return each(params, name, [&](const Param& param) {
    return !param.quoted && std::ranges::any_of(values, [&](std::string_view one) {
      return equal_ignoring_case(param.value, one);
    });
  });
}

bool keep_rules(Scanner& in, const Scanner& before, const ParamsView& params, NamedRules rules) {
  return keep(in, before, params, rules);
}

bool keep_rules(Scanner& in, const Scanner& before, const AuthParamsView& params,
                NamedRules rules) {
  return keep(in, before, params, rules);
}

}  // namespace kith::sip
