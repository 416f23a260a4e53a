#include "kith/sip/header/p_served_user.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 5502 §6: P-Served-User") {
  test::accepts<PServedUser>(
      {{"<sip:user@example.com>;sescase=orig;regstate=reg", ""},
       {"sip:user@example.com;sescase=TERM", "<sip:user@example.com>;sescase=TERM"},
       {"\"U\" <tel:+1>;orig-cdiv;x=1", ""}});
  test::refuses<PServedUser>({"", "<sip:a@b", "<sip:a@b> x", "<sip:a@b>;sescase=both",
                              "<sip:a@b>;sescase", "<sip:a@b>;regstate=unknown",
                              "<sip:a@b>;regstate", "<sip:a@b>, <sip:c@d>"});
}

TEST_CASE("RFC 8498 §6.2: the session case, the registration and the diversion") {
  const auto read = [](const char* text) {
    return test::read_whole<PServedUser>(text, kith::Mode::strict).value();
  };
  CHECK(read("<sip:a@b>;sescase=Orig").sescase() == SessionCase::orig);
  CHECK(read("<sip:a@b>;sescase=term").sescase() == SessionCase::term);
  CHECK_FALSE(read("<sip:a@b>").sescase());
  CHECK(read("<sip:a@b>;regstate=Reg").regstate() == RegistrationState::reg);
  CHECK(read("<sip:a@b>;regstate=UNREG").regstate() == RegistrationState::unreg);
  CHECK_FALSE(read("<sip:a@b>").regstate());
  CHECK(read("<sip:a@b>;orig-cdiv").orig_cdiv());
  CHECK_FALSE(read("<sip:a@b>").orig_cdiv());
}
