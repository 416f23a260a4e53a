#include "kith/sip/header/in_reply_to.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.21: In-Reply-To") {
  test::accepts<InReplyTo>({{"70710@saturn.bell-tel.com", ""}, {"{x}[y]\"?", ""}});
  test::refuses<InReplyTo>({"", "a@", "@b", "a@b@c", "a b", "a;b"});
}

TEST_CASE("RFC 3261 §20.8: Call-IDs compare byte by byte") {
  CHECK(InReplyTo{"a@b"}.is("a@b"));
  CHECK_FALSE(InReplyTo{"a@b"}.is("A@b"));
}
