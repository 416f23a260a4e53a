#include "kith/sip/header/history_info.h"

#include <algorithm>
#include <array>

#include "kith/sip/shape/param_rules.h"

namespace kith::sip {

namespace {

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
