#include "kith/sip/header/reject_contact.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3841 §9.2: Reject-Contact") {
  test::accepts<RejectContact>(
      {{"*;audio;require", ""},
       {"* ; methods=\"INVITE,BYE\" ; explicit", "*;methods=\"INVITE,BYE\";explicit"},
       {"*;+sip.message=\"TRUE\";language=\"!en\";+g.x!y'z%1", ""},
       {"*", ""}});
  test::refuses<RejectContact>(
      {"", "audio", ";audio", "**", "* audio", "*;=1", "*;methods=\"INVITE", "<sip:a@b>"});
}
