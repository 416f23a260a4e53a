#include "kith/sip/header/accept_contact.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3841 §9.2: Accept-Contact") {
  test::accepts<AcceptContact>(
      {{"*;audio;require", ""},
       {"* ; methods=\"INVITE,BYE\" ; explicit", "*;methods=\"INVITE,BYE\";explicit"},
       {"*;+sip.message=\"TRUE\";language=\"!en\";+g.x!y'z%1", ""},
       {"*", ""}});
  test::refuses<AcceptContact>(
      {"", "audio", ";audio", "**", "* audio", "*;=1", "*;methods=\"INVITE", "<sip:a@b>"});
  const auto header = test::read_whole<AcceptContact>("*;Require;explicit", kith::Mode::strict);
  CHECK(header->require());
  CHECK(header->is_explicit());
  const auto required = test::read_whole<AcceptContact>("*;require", kith::Mode::strict);
  CHECK(required->require());
  CHECK_FALSE(required->is_explicit());
  CHECK_FALSE(test::read_whole<AcceptContact>("*;audio", kith::Mode::strict)->require());
}
