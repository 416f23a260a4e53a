#include "kith/sip/shape/param_rules.h"

#include <algorithm>

namespace kith::sip {

namespace {

constexpr CharSet lower_hex_digits = digits | CharSet{"abcdef"};

template <class Holds>
bool each(const ParamsView& params, std::string_view name, Holds holds) {
  return std::ranges::all_of(params, [&](const Param& param) {
    return !equal_ignoring_case(param.name, name) || holds(param);
  });
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

}  // namespace kith::sip
