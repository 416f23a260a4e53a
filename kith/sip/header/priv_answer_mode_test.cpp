#include "kith/sip/header/priv_answer_mode.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 5373 §2: Priv-Answer-Mode") {
  test::accepts<PrivAnswerMode>(
      {{"Manual", ""}, {"Auto ; require", "Auto;require"}, {"auto;x=1", ""}, {"other", ""}});
  test::refuses<PrivAnswerMode>(
      {"", ";require", "Auto require", "\"Auto\"", "Auto;=1", "Auto,Manual"});
  const auto header = test::read_whole<PrivAnswerMode>("AUTO;Require", kith::Mode::strict);
  CHECK(header->automatic());
  CHECK_FALSE(header->manual());
  CHECK(header->require());
  CHECK_FALSE(test::read_whole<PrivAnswerMode>("manual", kith::Mode::strict)->require());
  CHECK(test::read_whole<PrivAnswerMode>("manual", kith::Mode::strict)->manual());
}
