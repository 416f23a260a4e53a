#include "kith/sip/header/feature_caps.h"

#include <algorithm>

#include "kith/sip/shape/feature_value.h"

namespace kith::sip {

namespace {

/// fcap-name = ftag-name: RFC 6809 §6.3.2, RFC 3840 §9
constexpr CharSet indicator_chars = letters | digits | CharSet{"!'.-%"};

bool is_indicator(Scanner& in, const Param& param) {
  Scanner name(param.name);
  if (!name.next('+') || !letters[name.peek()])
    return in.allow("feature-capability indicator without a plus sign");
  name.run(indicator_chars);
  if (!name.at_end() && !in.allow("feature-capability indicator with an odd character"))
    return false;
  if (!param.quoted)
    return param.value.empty() || in.allow("unquoted value of a feature-capability indicator");
  return is_feature_value(param.value) || in.allow("odd value of a feature-capability indicator");
}

}  // namespace

bool read(Scanner& in, FeatureCapsView& to) {
  return in.next('*') && read(in, to.params) &&
         std::ranges::all_of(to.params,
                             [&](const Param& param) { return is_indicator(in, param); });
}

}  // namespace kith::sip
