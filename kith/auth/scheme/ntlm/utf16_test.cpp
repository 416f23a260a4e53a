#include "kith/auth/scheme/ntlm/utf16.h"

#include <doctest/doctest.h>

#include <utility>

#include "kith/base/text.h"

using namespace kith;
using namespace kith::auth::ntlm;

namespace {

std::string digits(std::string_view text) {
  const std::optional<std::string> units = utf16(text);
  return units ? to_hex(as_bytes(*units)) : "none";
}

std::string upper_utf8(std::string_view text) { return utf8(upper(utf16(text).value())).value(); }

}  // namespace

TEST_CASE("[MS-NLMP] §2.2: text is UTF-16 with the low byte first") {
  CHECK(digits("").empty());
  CHECK(digits("Az") == "41007a00");
  CHECK(digits("\u00e9\u20ac") == "e900ac20");
  CHECK(digits("\U0001F600") == "3dd800de");
  CHECK(digits("\U0010FFFF") == "ffdbffdf");
  for (const std::string text : {"", "Az", "\u00e9\u20ac", "\uFFFF", "\U00010000", "\U0010FFFF"})
    CHECK(utf8(utf16(text).value()) == text);
}

TEST_CASE("[MS-NLMP] §2.2: what is no text has no other form") {
  for (const char* text : {"\x80", "a\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80"})
    CHECK(digits(text) == "none");
  for (const char* hex : {"41", "410042", "3dd8", "3dd84100", "00de", "00de3dd8", "3dd83dd8"})
    CHECK_FALSE(utf8(from_hex(hex).value()).has_value());
}

TEST_CASE("[MS-NLMP] §3.3.2: a user name is put in upper case") {
  using Pair = std::pair<const char*, const char*>;
  for (const auto& [small, capital] :
       {Pair{"user@example.com", "USER@EXAMPLE.COM"}, Pair{"\u00fcber", "\u00dcBER"},
        Pair{"\u00ff", "\u0178"}, Pair{"\u00f7\u00df", "\u00f7\u00df"},
        Pair{"\u0151\u0142\u017e", "\u0150\u0141\u017d"}, Pair{"\u0131\u0138", "\u0131\u0138"},
        Pair{"\u03ac\u03ad\u03c2\u03c9\u03ce", "\u0386\u0388\u03a3\u03a9\u038f"},
        Pair{"\u0436\u0451\u0463", "\u0416\u0401\u0462"}, Pair{"\U0001F600", "\U0001F600"}}) {
    CHECK(upper_utf8(small) == capital);
    CHECK(upper_utf8(capital) == capital);
  }
}
