#include "kith/sip/shape/param_rules.h"

#include <algorithm>

namespace kith::sip {

namespace {

template <class Holds>
bool each(const ParamsView& params, std::string_view name, Holds holds) {
  return std::ranges::all_of(params, [&](const Param& param) {
    return !equal_ignoring_case(param.name, name) || holds(param);
  });
}

}  // namespace

bool is_token_once(const ParamsView& params, std::string_view name) {
  int count = 0;
  const bool tokens = each(params, name, [&](const Param& param) {
    ++count;
    return !param.quoted && !param.value.empty() &&
           std::ranges::all_of(param.value, [](char c) { return token_chars[c]; });
  });
  return tokens && count == 1;
}

bool is_number_if_there(const ParamsView& params, std::string_view name) {
  return each(params, name,
              [](const Param& param) { return !param.quoted && number(param.value).has_value(); });
}

bool is_one_of_if_there(const ParamsView& params, std::string_view name,
                        std::initializer_list<std::string_view> values) {
  return each(params, name, [&](const Param& param) {
    return !param.quoted && std::ranges::any_of(values, [&](std::string_view one) {
      return equal_ignoring_case(param.value, one);
    });
  });
}

std::optional<std::uint32_t> number(std::optional<std::string_view> text) { return seconds(text); }

}  // namespace kith::sip
