#include "kith/sip/header/history_info.h"

#include <algorithm>
#include <array>

#include "kith/sip/shape/param_rules.h"

namespace kith::sip {

namespace {

/// index-val = number *( "." number ), a number without a leading zero: RFC 7044 §5
bool is_index(const Param& param) {
  Scanner in(param.value);
  do {
    std::string_view number;
    if (!in.run(digits, number) || (number.size() > 1 && number.front() == '0')) return false;
  } while (in.next('.'));
  return in.at_end() && !param.quoted;
}

bool indexes_are_well_formed(const ParamsView& params) {
  return std::ranges::all_of(std::array{"index", "rc", "mp", "np"}, [&](std::string_view name) {
    return holds_if_there(params, name, is_index);
  });
}

}  // namespace

bool read(Scanner& in, HistoryInfoView& to) {
  return read_address(in, to.display_name, to.uri, Brackets::required) && read(in, to.params) &&
         is_token_once(to.params, "index") && indexes_are_well_formed(to.params);
}

HistoryInfo own(const HistoryInfoView& view) {
  return {unquote(view.display_name), own(view.uri), own(view.params)};
}

}  // namespace kith::sip
