#include "kith/sip/header/target_dialog.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 4538 §7: Target-Dialog") {
  test::accepts<TargetDialog>({{"98732@sip.example.com;remote-tag=r33th4x0r;local-tag=ff87ff", ""},
                               {"12adf2f34456gs5 ; local-tag=12345;remote-tag=0;early-only",
                                "12adf2f34456gs5;local-tag=12345;remote-tag=0;early-only"},
                               {"(a)<b>@[c];LOCAL-TAG=1;remote-tag=2;x=\"y;z\"", ""}});
  test::refuses<TargetDialog>(
      {"", "1", "1;local-tag=a", "1;remote-tag=b", ";local-tag=a;remote-tag=b",
       "1@;local-tag=a;remote-tag=b", "1;local-tag=a;remote-tag=b;local-tag=a",
       "1;local-tag=a;remote-tag=b;remote-tag=c", "1;local-tag;remote-tag=b",
       "1;local-tag=;remote-tag=b", "1;local-tag=\"a\";remote-tag=b",
       "1;local-tag=a;remote-tag=[b]", "1 local-tag=a;remote-tag=b",
       "1@2@3;local-tag=a;remote-tag=b", "1;local-tag=a;remote-tag=b,2;local-tag=a;remote-tag=b"});
  const auto header =
      test::read_whole<TargetDialog>("1@b;local-tag=a;remote-tag=b", kith::Mode::strict);
  CHECK(header->call_id == "1@b");
  CHECK(header->local_tag() == "a");
  CHECK(header->remote_tag() == "b");
}

TEST_CASE(
    "RFC 4538 §7, RFC 3261 §20.8: only the Call-ID of two Target-Dialog is compared byte by byte") {
  const auto same = [](std::string_view a, std::string_view b) {
    return equivalent(*test::read_whole<TargetDialog>(a, kith::Mode::strict),
                      *test::read_whole<TargetDialog>(b, kith::Mode::strict));
  };
  CHECK(same("c@h;local-tag=a;remote-tag=b", "c@h;Remote-Tag=B;LOCAL-TAG=A"));
  for (const char* other : {"C@h;local-tag=a;remote-tag=b", "c@h;local-tag=b;remote-tag=a",
                            "c@h;local-tag=a;remote-tag=c", "c@h;local-tag=a;remote-tag=b;x"})
    CHECK_FALSE(same("c@h;local-tag=a;remote-tag=b", other));
}
