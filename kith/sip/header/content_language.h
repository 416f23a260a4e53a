#pragma once

#include "kith/sip/shape/language_tag.h"
#include "kith/sip/shape/single.h"

namespace kith::sip {

/// Content-Language = language-tag *( COMMA language-tag )
/// RFC 3261 §20.13
struct ContentLanguageName {
  static constexpr HeaderName name{.full = "Content-Language", .multi = true};
  static constexpr LetterCase letter_case = LetterCase::ignored;
  static bool take(Scanner& in, std::string_view& tag) { return read_language_tag(in, tag); }
};
using ContentLanguage = Single<ContentLanguageName, std::string>;
using ContentLanguageView = ContentLanguage::View;
static_assert(Header<ContentLanguage>);

}  // namespace kith::sip
