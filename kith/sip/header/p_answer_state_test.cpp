#include "kith/sip/header/p_answer_state.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 4964 §7.1: P-Answer-State is confirmed, unconfirmed or something new") {
  test::accepts<PAnswerState>({{"Confirmed", ""}, {"Unconfirmed;x=1", ""}, {"later", ""}});
  test::refuses<PAnswerState>(
      {"", ";x", "Confirmed Unconfirmed", "Confirmed, Confirmed", "\"Confirmed\""});
  CHECK(PAnswerState{"CONFIRMED"}.confirmed());
  CHECK_FALSE(PAnswerState{"CONFIRMED"}.unconfirmed());
  CHECK(PAnswerState{"unconfirmed"}.unconfirmed());
  CHECK_FALSE(PAnswerState{"unconfirmed"}.confirmed());
}
