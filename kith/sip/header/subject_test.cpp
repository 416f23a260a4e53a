#include "kith/sip/header/subject.h"

#include "kith/sip/message.h"
#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.36: Subject, perhaps empty") {
  test::accepts<Subject>(
      {{"A tornado is heading our way!", ""}, {"", ""}, {"Grüße, \"x\" <y>;\tz", ""}});
  test::tolerates<Subject>({{"a\x01", "bytes that are no UTF-8 text", "a\x01"},
                            {"(\\\x01)", "bytes that are no UTF-8 text", "(\\\x01)"},
                            {"\x7f", "bytes that are no UTF-8 text", "\x7f"},
                            {"Gr\xfc\xdf", "bytes that are no UTF-8 text", "Gr\xfc\xdf"},
                            {"\xc0\xaf", "bytes that are no UTF-8 text", "\xc0\xaf"}});
}

TEST_CASE("RFC 3261 §20.36: what is no text is refused, and so is a second Subject") {
  for (const std::string_view wrong :
       {"\x1b[0m", "a\r", "a\nb: c", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\xff"}) {
    CAPTURE(wrong);
    CHECK_FALSE(test::read_whole<Subject>(wrong, kith::Mode::strict));
  }
  const auto message = [](std::string_view lines) {
    return kith::sip::Message::parse("OPTIONS sip:b SIP/2.0\r\n" + std::string{lines} + "\r\n",
                                     kith::Mode::strict);
  };
  CHECK(message("Subject: a\r\n")->get<Subject>());
  CHECK(message("Subject: a\r\nSubject: b\r\n")->get<Subject>().error().fault ==
        kith::Fault::duplicate);
}
