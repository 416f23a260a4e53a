#include "kith/sip/header/feature_caps.h"

#include <algorithm>

namespace kith::sip {

namespace {

bool is_indicator(Scanner& in, const Param& param) {
  if (param.name.size() < 2 || param.name[0] != '+' || !letters[param.name[1]])
    return in.allow("feature-capability indicator without a plus sign");
  return param.quoted || param.value.empty() ||
         in.allow("unquoted value of a feature-capability indicator");
}

}  // namespace

bool read(Scanner& in, FeatureCapsView& to) {
  return in.next('*') && read(in, to.params) &&
         std::ranges::all_of(to.params,
                             [&](const Param& param) { return is_indicator(in, param); });
}

}  // namespace kith::sip
