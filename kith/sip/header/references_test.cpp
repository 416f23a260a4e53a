#include "kith/sip/header/references.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("References names a call and what it has to do with this one") {
  test::accepts<References>(
      {{"a84b4c76e66710@pc33;rel=xfer", ""}, {"1 ; Rel=chain;x", "1;Rel=chain;x"}, {"1@2", ""}});
  test::refuses<References>({"", ";rel=chain", "1@", "1;rel", "1;rel=", "1;rel=\"chain\"",
                             "1;rel=chain;rel=refer", "1 rel=chain", "1,2"});
  CHECK(test::read_whole<References>("1;rel=xfer", kith::Mode::strict)->rel() == "xfer");
  CHECK_FALSE(test::read_whole<References>("1", kith::Mode::strict)->rel());
}
