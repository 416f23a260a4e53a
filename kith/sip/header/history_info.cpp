#include "kith/sip/header/history_info.h"

#include "kith/sip/shape/param_rules.h"

namespace kith::sip {

namespace {

/// index-val = number *( "." number ), a number without a leading zero: RFC 7044 §5
bool is_index(std::string_view text) {
  Scanner in(text);
  do {
    std::string_view number;
    if (!in.run(digits, number) || (number.size() > 1 && number.front() == '0')) return false;
  } while (in.next('.'));
  return in.at_end();
}

bool indexes_are_well_formed(const ParamsView& params) {
  for (const std::string_view name : {"index", "rc", "mp", "np"}) {
    const std::optional<std::string_view> index = params.find(name);
    if (index && !is_index(*index)) return false;
  }
  return true;
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
