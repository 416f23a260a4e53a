#include "kith/sip/header/server.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.35: Server") {
  test::accepts<Server>({{"RTC/2.0", ""}, {"a (b \\\x01 (\\)\\\x7f) \\\t) c", ""}});
  constexpr std::string_view rule = "bytes that are no UTF-8 text";
  for (const std::string_view wrong :
       {"a (\x01)", "a (b) \\\x01", "a (\\) b) \\\x7f", "a \\\x01 (b)", "a (\\\xfc)"})
    test::tolerates<Server>({{wrong, rule, wrong}});
  CHECK(Server{"a"} != Server{"A"});
  const auto header = test::read_whole<Server>("RTC/2.0 (x)", kith::Mode::strict);
  CHECK(header->products().size() == 2);
  CHECK(header->products()[0].version == "2.0");
  CHECK(Server{"a, b"}.products().empty());
}

TEST_CASE("RFC 3261 §20.35: what is neither a product nor a comment gives no products at all") {
  for (const char* wrong : {"", "a/", "/a", "a//b", "a/b/c", "a (b", "a (b (c)", "a)", "a, b",
                            "\"a\"", "a b;c", "(a)b", "a (\\"}) {
    CAPTURE(wrong);
    CHECK(Server{wrong}.products().empty());
  }
  for (const std::string_view wrong : {"a\x01", "a\r", "a\nb: c", "\xed\xa0\x80", "\xff"})
    CHECK_FALSE(test::read_whole<Server>(wrong, kith::Mode::strict));
}
