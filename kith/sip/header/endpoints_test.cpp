#include "kith/sip/header/endpoints.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("EndPoints: addresses with the epid of a device") {
  test::accepts<Endpoints>({{"<sip:walt@lab.example>;epid=7f3a91c204", ""},
                            {"\"Walt\" <sip:walt@lab.example>", ""},
                            {"sip:walt@lab.example", "<sip:walt@lab.example>"}});
  test::refuses<Endpoints>({"", "walt", "<sip:a@b", "<sip:a@b> x", "\"Walt\""});
  CHECK(test::read_whole<Endpoints>("<sip:a@b>;epid=7f", kith::Mode::strict)->epid() == "7f");
  CHECK(Endpoints::name.multi);
}
