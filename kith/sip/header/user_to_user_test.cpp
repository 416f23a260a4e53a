#include "kith/sip/header/user_to_user.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 7433 §4.1: User-to-User") {
  test::accepts<UserToUser>({{"56a390f3d2b7310023a2;encoding=hex", ""},
                             {"\"a;b,\\\"c\" ; purpose=x", "\"a;b,\\\"c\";purpose=x"},
                             {"\"\"", ""},
                             {"00;purpose=isdn-uui;content=isdn-uui;encoding=hex", ""}});
  test::refuses<UserToUser>({"", ";encoding=hex", "\"a", "a b", "<a>", "a;=1", "a=b", "a\"b\"",
                             "a;purpose", "a;purpose=\"x\"", "a;content=", "a;encoding=\"hex\""});
  const auto header =
      test::read_whole<UserToUser>("a;Purpose=b;content=c;encoding=d", kith::Mode::strict);
  CHECK(header->purpose() == "b");
  CHECK(header->content() == "c");
  CHECK(header->encoding() == "d");
  CHECK_FALSE(test::read_whole<UserToUser>("a", kith::Mode::strict)->encoding());
  CHECK(test::read_whole<UserToUser>("\"a\\\"b\"", kith::Mode::strict)->data == "a\"b");
}

TEST_CASE("RFC 7433 §4.1: data that is no token is written in quotes, whatever it holds") {
  CHECK(kith::written(UserToUser{.data = "56a390", .params = {}}) == "56a390");
  CHECK(kith::written(UserToUser{.data = "a;purpose=x, \"b", .params = {}}) ==
        "\"a;purpose=x, \\\"b\"");
  CHECK(kith::written(UserToUser{.data = "", .params = {}}) == "\"\"");
}
