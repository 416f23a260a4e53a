#include "kith/sip/header/user_agent.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.41: User-Agent") {
  test::accepts<UserAgent>({{"RTC/1.3.5369 (Messenger 5.1)", ""}, {"any, text; at <all>", ""}});
  test::tolerates<UserAgent>({{"a\x7f", "bytes that are no UTF-8 text", "a\x7f"},
                              {"\xc3", "bytes that are no UTF-8 text", "\xc3"}});
  CHECK(UserAgent{"a"} != UserAgent{"A"});
  const auto header = test::read_whole<UserAgent>("RTC/1.3 (Messenger)", kith::Mode::strict);
  CHECK(header->products()[1].comment == "Messenger");
  CHECK(UserAgent{"any, text"}.products().empty());
}

TEST_CASE("RFC 3261 §20.41: what is neither a product nor a comment gives no products at all") {
  for (const char* wrong : {"", "a/", "/a", "a//b", "a/b/c", "a (b", "a (b (c)", "a)", "a, b",
                            "\"a\"", "a b;c", "(a)b", "a (\\"}) {
    CAPTURE(wrong);
    CHECK(UserAgent{wrong}.products().empty());
  }
  for (const std::string_view wrong : {"a\x01", "a\r", "a\nb: c", "\xed\xa0\x80", "\xff"})
    CHECK_FALSE(test::read_whole<UserAgent>(wrong, kith::Mode::strict));
}
