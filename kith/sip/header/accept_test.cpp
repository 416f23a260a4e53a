#include "kith/sip/header/accept.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.1: Accept") {
  test::accepts<Accept>({{"*/*", ""}, {"application/*;q=0.5", ""}});
  test::refuses<Accept>({"", "text", "*/", "a b/c"});
}

TEST_CASE("RFC 3261 §20.1: what Accept allows, and how gladly") {
  const auto accept = [](std::string_view text) {
    return *test::read_whole<Accept>(text, kith::Mode::strict);
  };
  CHECK(accept("*/*").matches_all());
  CHECK(accept("*/*").matches_any_subtype());
  CHECK_FALSE(accept("text/*").matches_all());
  CHECK(accept("text/*").matches_any_subtype());
  CHECK_FALSE(accept("text/plain").matches_any_subtype());
  CHECK(accept("text/html;level=1;q=0.4").q() == QValue{400});
  CHECK_FALSE(accept("text/html;level=1").q());
  CHECK_FALSE(test::read_whole<Accept>("text/html;q=high", kith::Mode::lenient)->q());
}

TEST_CASE("RFC 3261 §25.1: q is a qvalue") {
  test::accepts<Accept>(
      {{"text/*;x=2;q=0", ""}, {"text/*;x=2;Q=1.00", ""}, {"text/*;x=2;q=0.001", ""}});
  for (const char* wrong : {";q", ";q=2", ";q=1.1", ";q=high", ";q=\"1\""}) {
    const std::string text = "text/*;x=2" + std::string{wrong};
    test::tolerates<Accept>({{text, "parameter whose value is not of its kind", text}});
  }
}
