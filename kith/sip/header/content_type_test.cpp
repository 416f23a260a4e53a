#include "kith/sip/header/content_type.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.15: Content-Type") {
  test::accepts<ContentType>({{"application/SOAP+xml", ""},
                              {"text / plain ; charset=UTF-8", "text/plain;charset=UTF-8"},
                              {"multipart/related;boundary=\"a b\"", ""}});
  test::refuses<ContentType>({"", "text", "text/", "/plain", "text plain", "text/plain x"});
}

TEST_CASE("RFC 3261 §7.3.1: media types are the same but for case and order; not in quotes") {
  const auto same = [](std::string_view a, std::string_view b) {
    return equivalent(*test::read_whole<ContentType>(a, kith::Mode::strict),
                      *test::read_whole<ContentType>(b, kith::Mode::strict));
  };
  CHECK(same("text/plain;charset=UTF-8;x=1", "Text/Plain;X=1;Charset=utf-8"));
  CHECK(same("a/b;boundary=\"xY\"", "a/b;boundary=xY"));
  CHECK_FALSE(same("a/b;boundary=xY", "a/b;boundary=Xy"));
  CHECK_FALSE(same("a/b;x=\"y\"", "a/b;x=\"Y\""));
  CHECK_FALSE(same("a/b", "a/c"));
  CHECK_FALSE(same("a/b", "c/b"));
  CHECK_FALSE(same("a/b;x=1", "a/b"));
  CHECK_FALSE(same("a/b", "a/b;x=1"));
}
