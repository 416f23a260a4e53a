#include "kith/sip/header/session_id.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 7989 §5: Session-ID") {
  test::accepts<SessionId>(
      {{"ab30317f1a784dc48ff824d0d3715d86;remote=47755a9de7794ba387653f2099600ef2", ""},
       {"ab30317f1a784dc48ff824d0d3715d86 ; Remote=00000000000000000000000000000000;x",
        "ab30317f1a784dc48ff824d0d3715d86;Remote=00000000000000000000000000000000;x"},
       {"ab30317f1a784dc48ff824d0d3715d86", ""}});
  test::refuses<SessionId>(
      {"", "ab30317f1a784dc48ff824d0d3715d8", "ab30317f1a784dc48ff824d0d3715d860",
       "AB30317f1a784dc48ff824d0d3715d86", "gb30317f1a784dc48ff824d0d3715d86",
       "ab30317f-1a78-4dc4-8ff8-24d0d3715d86", "ab30317f1a784dc48ff824d0d3715d86;remote",
       "ab30317f1a784dc48ff824d0d3715d86;remote=1",
       "ab30317f1a784dc48ff824d0d3715d86;remote=G7755a9de7794ba387653f2099600ef2",
       "ab30317f1a784dc48ff824d0d3715d86;remote=\"47755a9de7794ba387653f2099600ef2\"",
       ";remote=47755a9de7794ba387653f2099600ef2"});
  const auto header = test::read_whole<SessionId>(
      "ab30317f1a784dc48ff824d0d3715d86;remote=00000000000000000000000000000000",
      kith::Mode::strict);
  CHECK(header->remote() == SessionId::nil);
}
