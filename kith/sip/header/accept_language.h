#pragma once

#include "kith/sip/shape/language_tag.h"
#include "kith/sip/shape/preference.h"

namespace kith::sip {

/// Accept-Language = [ language *( COMMA language ) ]
/// language = language-range *( SEMI accept-param ), language-range = language-tag / "*"
/// RFC 3261 §20.3
struct AcceptLanguageName {
  static constexpr HeaderName name{.full = "Accept-Language", .multi = true, .may_be_empty = true};
  static bool take(Scanner& in, std::string_view& range);
};
using AcceptLanguage = Preference<AcceptLanguageName, std::string>;
using AcceptLanguageView = AcceptLanguage::View;
static_assert(Header<AcceptLanguage>);

}  // namespace kith::sip
