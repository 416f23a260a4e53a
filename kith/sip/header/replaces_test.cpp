#include "kith/sip/header/replaces.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3891 §6.1: Replaces") {
  test::accepts<Replaces>({{"98732@sip.example.com;from-tag=r33th4x0r;to-tag=ff87ff", ""},
                           {"12adf2f34456gs5 ; to-tag=12345;from-tag=0;early-only",
                            "12adf2f34456gs5;to-tag=12345;from-tag=0;early-only"},
                           {"(a)<b>@[c];TO-TAG=1;from-tag=2;x=\"y;z\"", ""}});
  test::refuses<Replaces>(
      {"", "1", "1;to-tag=a", "1;from-tag=b", ";to-tag=a;from-tag=b", "1@;to-tag=a;from-tag=b",
       "1;to-tag=a;from-tag=b;to-tag=a", "1;to-tag=a;from-tag=b;from-tag=c", "1;to-tag;from-tag=b",
       "1;to-tag=;from-tag=b", "1;to-tag=\"a\";from-tag=b", "1;to-tag=a;from-tag=[b]",
       "1 to-tag=a;from-tag=b", "1@2@3;to-tag=a;from-tag=b",
       "1;to-tag=a;from-tag=b,2;to-tag=a;from-tag=b"});
  const auto header = test::read_whole<Replaces>("1@b;to-tag=a;from-tag=b", kith::Mode::strict);
  CHECK(header->call_id == "1@b");
  CHECK(header->local_tag() == "a");
  CHECK(header->remote_tag() == "b");
  CHECK_FALSE(header->early_only());
  CHECK(test::read_whole<Replaces>("1;to-tag=a;from-tag=b;early-only", kith::Mode::strict)
            ->early_only());
}

TEST_CASE(
    "RFC 3891 §6.1, RFC 3261 §20.8: only the Call-ID of two Replaces is compared byte by byte") {
  const auto same = [](std::string_view a, std::string_view b) {
    return equivalent(*test::read_whole<Replaces>(a, kith::Mode::strict),
                      *test::read_whole<Replaces>(b, kith::Mode::strict));
  };
  CHECK(same("c@h;to-tag=a;from-tag=b", "c@h;From-Tag=B;TO-TAG=A"));
  for (const char* other : {"C@h;to-tag=a;from-tag=b", "c@h;to-tag=b;from-tag=a",
                            "c@h;to-tag=a;from-tag=c", "c@h;to-tag=a;from-tag=b;x"})
    CHECK_FALSE(same("c@h;to-tag=a;from-tag=b", other));
}
