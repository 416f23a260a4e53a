#include "kith/base/utf8.h"

#include <doctest/doctest.h>

#include <string>

namespace kith {
namespace {

using namespace std::string_view_literals;

TEST_CASE("RFC 3629 §4: characters of one to four bytes") {
  CHECK(utf8_front("a") == 1);
  CHECK(utf8_front("\0"sv) == 1);
  CHECK(utf8_front("ä") == 2);
  CHECK(utf8_front("€uro") == 3);
  CHECK(utf8_front("\xEF\xBF\xBF") == 3);
  CHECK(utf8_front("😀!") == 4);
  CHECK(utf8_front("\xF4\x8F\xBF\xBF") == 4);
}

TEST_CASE("RFC 3629 §4: overlong forms, surrogates, stray and missing bytes are no characters") {
  for (const std::string_view bad :
       {""sv, "\x80"sv, "\xC0\x80"sv, "\xC1\xBF"sv, "\xC3"sv, "\xC3("sv, "\xE0\x80\xAF"sv,
        "\xED\xA0\x80"sv, "\xE2\x82"sv, "\xF0\x80\x80\xAF"sv, "\xF4\x90\x80\x80"sv,
        "\xF5\x80\x80\x80"sv, "\xF0\x9F\x98"sv, "\xFF"sv})
    CHECK(utf8_front(bad) == 0);
}

}  // namespace
}  // namespace kith
