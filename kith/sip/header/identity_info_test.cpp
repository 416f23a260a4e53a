#include "kith/sip/header/identity_info.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 4474 §9: Identity-Info") {
  test::accepts<IdentityInfo>({{"<https://atlanta.example.com/atlanta.cer>;alg=rsa-sha1", ""},
                               {"<http://x> ; y", "<http://x>;y"}});
  test::refuses<IdentityInfo>({"", "<>", "https://a.example/a.cer", "A <https://a.example/a.cer>",
                               "<https://a.example/a.cer", "<x>", "<http://x>;=1", "<http://x> y",
                               "\"http://x\"", "<http://x>;alg", "<http://x>;alg=\"rsa-sha1\""});
  const auto header = test::read_whole<IdentityInfo>("<http://x>;Alg=rsa-sha1", kith::Mode::strict);
  CHECK(header->alg() == "rsa-sha1");
}
