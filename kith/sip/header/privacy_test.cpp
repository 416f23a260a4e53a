#include "kith/sip/header/privacy.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3323 §4.2: Privacy is a list separated by semicolons") {
  test::accepts<Privacy>({{"none", ""},
                          {"header;session;user;critical", ""},
                          {"id ; history", "id;history"},
                          {"new", ""}});
  test::refuses<Privacy>({"", ";id", "id user", "id;user=1", "\"id\"", ",id", "id;=", "id=1"});
  test::tolerates<Privacy>({{"id, user", "comma between privacy values", "id;user"},
                            {"id,", "empty privacy value", "id"},
                            {"id;;user;", "empty privacy value", "id;user"},
                            {"id;ID", "privacy value given twice", "id;ID"},
                            {"none;id", "none beside other privacy values", "none;id"}});
}

TEST_CASE("RFC 3323 §4.2: a value is asked for in any case, and added once") {
  auto privacy = *test::read_whole<Privacy>("Header;user", kith::Mode::strict);
  CHECK(privacy.has("header"));
  CHECK(privacy.has("USER"));
  CHECK_FALSE(privacy.has("use"));
  CHECK_FALSE(privacy.has(""));
  privacy.add("user");
  privacy.add("id");
  CHECK(privacy.values() == std::vector<std::string_view>{"Header", "user", "id"});
  Privacy none;
  none.add("none");
  CHECK(kith::written(none) == "none");
}

TEST_CASE("privacy values without end are refused") {
  std::string many = "a0";
  for (int i = 1; i < 64; ++i) many += ";a" + std::to_string(i);
  CHECK(test::read_whole<Privacy>(many, kith::Mode::strict));
  CHECK_FALSE(test::read_whole<Privacy>(many + ";b", kith::Mode::lenient));
}
