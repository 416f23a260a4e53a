#include "kith/sip/header/p_preferred_service.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 6050 §4.2: P-Preferred-Service names a service by a URN") {
  test::accepts<PPreferredService>(
      {{"urn:urn-7:3gpp-service.ims.icsi.mmtel", ""},
       {"URN:urn-7:3gpp-application.ims.iari.x", "urn:urn-7:3gpp-application.ims.iari.x"},
       {"urn:urn-7:a", ""},
       {"urn:urn-7:abcdefghijklmnopqrstuvwxyz0.b", ""}});
  test::refuses<PPreferredService>({"", "urn:urn-7:", "urn:urn-8:a", "3gpp-service.a",
                                    "urn:urn-7:.a", "urn:urn-7:a.", "urn:urn-7:a..b",
                                    "urn:urn-7:a_b", "<urn:urn-7:a>",
                                    "urn:urn-7:abcdefghijklmnopqrstuvwxyz01.b"});
}

TEST_CASE("RFC 6050 §4.4: what P-Preferred-Service names is a service or an application") {
  const auto read = [](const char* text) {
    return test::read_whole<PPreferredService>(text, kith::Mode::strict).value();
  };
  CHECK(read("urn:urn-7:3gpp-service.ims.icsi.mmtel").service() == "ims.icsi.mmtel");
  CHECK_FALSE(read("urn:urn-7:3gpp-service.ims.icsi.mmtel").application());
  CHECK(read("urn:urn-7:3GPP-Application.x").application() == "x");
  CHECK_FALSE(read("urn:urn-7:3gpp-application.x").service());
  CHECK_FALSE(read("urn:urn-7:3gpp-service").service());
}
