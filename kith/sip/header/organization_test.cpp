#include "kith/sip/header/organization.h"

#include "kith/sip/message.h"
#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.25: Organization, perhaps empty") {
  test::accepts<Organization>({{"Boxes by Bob", ""}, {"", ""}, {"Grüße, \"x\" <y>;\tz", ""}});
  test::tolerates<Organization>({{"a\x01", "bytes that are no UTF-8 text", "a\x01"},
                                 {"\x7f", "bytes that are no UTF-8 text", "\x7f"},
                                 {"Gr\xfc\xdf", "bytes that are no UTF-8 text", "Gr\xfc\xdf"},
                                 {"\xc0\xaf", "bytes that are no UTF-8 text", "\xc0\xaf"}});
}

TEST_CASE("RFC 3261 §20.25: what is no text is refused, and so is a second Organization") {
  for (const std::string_view wrong :
       {"\x1b[0m", "a\r", "a\nb: c", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\xff"}) {
    CAPTURE(wrong);
    CHECK_FALSE(test::read_whole<Organization>(wrong, kith::Mode::strict));
  }
  const auto message = [](std::string_view lines) {
    return kith::sip::Message::parse("OPTIONS sip:b SIP/2.0\r\n" + std::string{lines} + "\r\n",
                                     kith::Mode::strict);
  };
  CHECK(message("Organization: a\r\n")->get<Organization>());
  CHECK(message("Organization: a\r\nOrganization: b\r\n")->get<Organization>().error().fault ==
        kith::Fault::duplicate);
}
