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

TEST_CASE("RFC 3261 §7.3.1: two Content-Dispositions are the same in any case and order") {
  const auto same = [](std::string_view a, std::string_view b) {
    return equivalent(*test::read_whole<ContentDisposition>(a, kith::Mode::strict),
                      *test::read_whole<ContentDisposition>(b, kith::Mode::strict));
  };
  CHECK(same("session", "Session"));
  CHECK(same("render;handling=optional;x=1", "Render;X=1;Handling=OPTIONAL"));
  CHECK(same("icon;filename=\"a\"", "icon;FileName=\"a\""));
  for (const char* other : {"icon;filename=\"A\"", "icon", "alert;filename=\"a\"",
                            "icon;filename=\"a\";handling=required"})
    CHECK_FALSE(same("icon;filename=\"a\"", other));
}

TEST_CASE("RFC 3261 §25.1: handling is a token") {
  test::accepts<ContentDisposition>({{"render;handling=optional", ""}, {"render;Handling=x", ""}});
  for (const char* wrong : {";handling", ";handling=\"optional\"", ";handling=[x]"}) {
    const std::string text = "render" + std::string{wrong};
    test::tolerates<ContentDisposition>({{text, "parameter whose value is not of its kind", text}});
  }
}
