#include "kith/sip/header/p_asserted_service.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 6050 §4.1: P-Asserted-Service names a service by a URN") {
  test::accepts<PAssertedService>(
      {{"urn:urn-7:3gpp-service.ims.icsi.mmtel", ""},
       {"URN:urn-7:3gpp-application.ims.iari.x", "urn:urn-7:3gpp-application.ims.iari.x"},
       {"urn:urn-7:a", ""},
       {"urn:urn-7:abcdefghijklmnopqrstuvwxyz0.b", ""}});
  test::refuses<PAssertedService>({"", "urn:urn-7:", "urn:urn-8:a", "3gpp-service.a",
                                   "urn:urn-7:.a", "urn:urn-7:a.", "urn:urn-7:a..b",
                                   "urn:urn-7:a_b", "<urn:urn-7:a>",
                                   "urn:urn-7:abcdefghijklmnopqrstuvwxyz01.b"});
}

TEST_CASE("RFC 6050 §4.4: what P-Asserted-Service names is a service or an application") {
  const auto read = [](const char* text) {
    return test::read_whole<PAssertedService>(text, kith::Mode::strict).value();
  };
  CHECK(read("urn:urn-7:3gpp-service.ims.icsi.mmtel").service() == "ims.icsi.mmtel");
  CHECK_FALSE(read("urn:urn-7:3gpp-service.ims.icsi.mmtel").application());
  CHECK(read("urn:urn-7:3GPP-Application.x").application() == "x");
  CHECK_FALSE(read("urn:urn-7:3gpp-application.x").service());
  CHECK_FALSE(read("urn:urn-7:3gpp-service").service());
}

TEST_CASE("RFC 6050 §4.4: services are compared in any case") {
  const auto same = [](std::string_view a, std::string_view b) {
    return equivalent(*test::read_whole<PAssertedService>(a, kith::Mode::strict),
                      *test::read_whole<PAssertedService>(b, kith::Mode::strict));
  };
  CHECK(same("urn:urn-7:3gpp-service.A", "urn:urn-7:3GPP-service.a"));
  CHECK_FALSE(same("urn:urn-7:3gpp-service.a", "urn:urn-7:3gpp-service.b"));
  CHECK_FALSE(same("urn:urn-7:3gpp-service.a", "urn:urn-7:3gpp-service.a.b"));
}
