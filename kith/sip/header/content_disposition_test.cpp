#include "kith/sip/header/content_disposition.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.11: Content-Disposition") {
  test::accepts<ContentDisposition>({{"session", ""},
                                     {"render ; handling=optional", "render;handling=optional"},
                                     {"attachment;filename=\"a b.txt\"", ""}});
  test::refuses<ContentDisposition>(
      {"", ";handling=optional", "\"session\"", "session render", "session/x"});
}

TEST_CASE("RFC 3261 §20.11: a body must be understood unless handling is optional") {
  const auto read = [](std::string_view text) {
    return *test::read_whole<ContentDisposition>(text, kith::Mode::strict);
  };
  CHECK(read("Session").is(disposition::session));
  CHECK_FALSE(read("session").is(disposition::render));
  CHECK(read("icon").handling() == "required");
  CHECK(read("icon").must_be_understood());
  CHECK(read("icon;handling=required").must_be_understood());
  CHECK(read("icon;handling=other").must_be_understood());
  CHECK_FALSE(read("icon;Handling=Optional").must_be_understood());
}
