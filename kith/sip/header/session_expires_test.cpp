#include "kith/sip/header/session_expires.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 4028 §4: Session-Expires") {
  test::accepts<SessionExpires>({{"1800;refresher=uac", ""},
                                 {"4000 ; Refresher=UAS;x", "4000;Refresher=UAS;x"},
                                 {"0090", "90"},
                                 {"4294967295", ""}});
  test::refuses<SessionExpires>({"", "-1", "x", "4294967296", "90 s", "90;refresher",
                                 "90;refresher=proxy", "90;refresher=\"uac\"", ";refresher=uac"});
  const auto refresher = [](std::string_view text) {
    return test::read_whole<SessionExpires>(text, kith::Mode::strict)->refresher();
  };
  CHECK(refresher("90;refresher=UAC") == Refresher::uac);
  CHECK(refresher("90;refresher=uas") == Refresher::uas);
  CHECK_FALSE(refresher("90"));
}

TEST_CASE("RFC 3261 §7.3.1: two Session-Expires are the same in any case and order") {
  const auto same = [](std::string_view a, std::string_view b) {
    return equivalent(*test::read_whole<SessionExpires>(a, kith::Mode::strict),
                      *test::read_whole<SessionExpires>(b, kith::Mode::strict));
  };
  CHECK(same("090;refresher=uac", "90;Refresher=UAC"));
  CHECK(same("90;x;y=1", "90;Y=1;X"));
  for (const char* other : {"90;refresher=uas", "91;refresher=uac", "90", "90;refresher=uac;x"})
    CHECK_FALSE(same("90;refresher=uac", other));
}
