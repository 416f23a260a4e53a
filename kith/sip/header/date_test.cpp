#include "kith/sip/header/date.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.17: Date") {
  test::accepts<Date>({{"Sat, 13 Nov 2010 23:29:00 GMT", ""},
                       {"Thu, 01 Jan 1970 00:00:00 GMT", ""},
                       {"Thu, 29 Feb 2024 12:00:01 GMT", ""},
                       {"Thu, 30 Jun 2016 23:59:60 GMT", "Fri, 01 Jul 2016 00:00:00 GMT"},
                       {"Tue, 31 Dec 2261 23:59:59 GMT", ""}});
  test::refuses<Date>({"", "Sat, 13 Nov 2010 23:29:00 CET", "Sat 13 Nov 2010 23:29:00 GMT",
                       "Sat, 31 Nov 2010 23:29:00 GMT", "Sat, 13 Nov 2010 24:29:00 GMT",
                       "Sat, 13 Nov 2010 23:60:00 GMT", "Sat, 3 Nov 2010 23:29:00 GMT",
                       "Mon, 29 Feb 2023 00:00:00 GMT", "Sat, 13 Nov 1969 23:29:00 GMT",
                       "Tue, 31 Dec 2261 23:59:60 GMT", "Wed, 01 Jan 2262 00:00:00 GMT"});
  test::tolerates<Date>({{"Mon, 13 Nov 2010 23:29:00 GMT", "wrong day of the week",
                          "Sat, 13 Nov 2010 23:29:00 GMT"}});
}

TEST_CASE("RFC 3261 §20.17: a Date is a time of the calendar") {
  using namespace std::chrono;
  const sys_seconds then = sys_days{2010y / November / 13} + 23h + 29min;
  CHECK(test::read_whole<Date>("Sat, 13 Nov 2010 23:29:00 GMT", kith::Mode::strict)->utc() == then);
  CHECK(kith::written(Date::of(then)) == "Sat, 13 Nov 2010 23:29:00 GMT");
  CHECK(Date{kith::Time{1999ms}}.utc() == sys_seconds{1s});
}
