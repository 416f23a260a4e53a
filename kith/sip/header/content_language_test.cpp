#include "kith/sip/header/content_language.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.13: Content-Language") {
  test::accepts<ContentLanguage>({{"fr", ""}, {"mi-x-Abc", ""}});
  test::refuses<ContentLanguage>({"", "*", "fr-", "fr ca", "fr;q=1", "419", "abcdefghi"});
  test::tolerates<ContentLanguage>({{"es-419", "digit in a language tag", "es-419"}});
  CHECK(ContentLanguage{"FR"}.is("fr"));
}
