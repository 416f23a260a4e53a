#include "kith/sip/header/accept_language.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.3: Accept-Language") {
  test::accepts<AcceptLanguage>(
      {{"da", ""}, {"en-gb ; q=0.8", "en-gb;q=0.8"}, {"*", ""}, {"abcdefgh-abcdefgh-x", ""}});
  test::refuses<AcceptLanguage>({"", "en-", "-en", "en--gb", "e1", "abcdefghi", "en-abcdefghi",
                                 "en_gb", "**", "*-gb", "en gb"});
  test::tolerates<AcceptLanguage>({{"es-419;q=1", "digit in a language tag", "es-419;q=1"},
                                   {"de-CH-1996", "digit in a language tag", "de-CH-1996"}});
  const auto english = *test::read_whole<AcceptLanguage>("en-GB;q=0.8", kith::Mode::strict);
  CHECK(english.is("EN-gb"));
  CHECK(english.q() == QValue{800});
}

TEST_CASE("RFC 3261 §25.1: q is a qvalue") {
  test::accepts<AcceptLanguage>(
      {{"en-gb;x=2;q=0", ""}, {"en-gb;x=2;Q=1.00", ""}, {"en-gb;x=2;q=0.001", ""}});
  for (const char* wrong : {";q", ";q=2", ";q=1.1", ";q=high", ";q=\"1\""}) {
    const std::string text = "en-gb;x=2" + std::string{wrong};
    test::tolerates<AcceptLanguage>({{text, "parameter whose value is not of its kind", text}});
  }
}
