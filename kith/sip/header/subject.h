#pragma once

#include "kith/sip/shape/free_text.h"

namespace kith::sip {

/// Subject = [ TEXT-UTF8-TRIM ]
/// RFC 3261 §20.36; may be empty.
struct SubjectName {
  static constexpr HeaderName name{.full = "Subject", .compact = 's'};
};
using Subject = FreeText<SubjectName, std::string>;
using SubjectView = Subject::View;
static_assert(Header<Subject>);

}  // namespace kith::sip
