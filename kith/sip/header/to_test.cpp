#include "kith/sip/header/to.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.39: To") {
  test::accepts<To>({{"<sip:a@b>", ""},
                     {"sip:a@b", "<sip:a@b>"},
                     {"sip:a@b;tag=1", "<sip:a@b>;tag=1"},
                     {"Bob <sip:a@b>", "\"Bob\" <sip:a@b>"},
                     {"\"B, \\\"o;b\" <sip:a@b;lr>;tag=1", "\"B, \\\"o;b\" <sip:a@b;lr>;tag=1"},
                     {"Bob B. Ob<tel:+1> ;x", "\"Bob B. Ob\" <tel:+1>;x"}});
  test::refuses<To>({"", "<sip:a@b", "sip:a@b>", "\"Bob\" sip:a@b", "\"Bob <sip:a@b>",
                     "Bob sip:a@b", "<>", "<sip:a@b> x", "sip:a@b?x=y", "<sip:a@b>;t=\"1"});
}

TEST_CASE("RFC 3261 §20.39: To is compared by URI and by the parameters that both have") {
  const auto same = [](std::string_view a, std::string_view b) {
    const auto x = *test::read_whole<To>(a, kith::Mode::strict);
    const auto y = *test::read_whole<To>(b, kith::Mode::strict);
    CHECK(equivalent(x, y) == equivalent(y, x));
    return equivalent(x, y);
  };
  CHECK(same("A <sip:a@b>;tag=x;y=1", "<sip:a@B>;Y=1;tag=X"));
  CHECK(same("sip:a@b", "\"B\" <sip:a@b>;epid=1"));
  CHECK_FALSE(same("sip:a@b;tag=1", "sip:a@b"));
  CHECK_FALSE(same("sip:a@b;tag=1", "sip:a@b;tag=2"));
  CHECK_FALSE(same("sip:a@b;epid=1", "sip:a@b;epid=2"));
  CHECK_FALSE(same("sip:a@b", "sip:A@b"));
  CHECK_FALSE(same("<sip:a@b>", "<sip:a@b:5060>"));
}

TEST_CASE("RFC 3261 §25.1: a tag is a token") {
  test::accepts<To>(
      {{"<sip:a@b>;tag=1", ""}, {"<sip:a@b>;TAG=a-.!%*_+`'~", ""}, {"<sip:a@b>;x=[1]", ""}});
  for (const char* wrong : {";tag", ";tag=\"1\"", ";tag=[1]", ";x;Tag=a:b"}) {
    const std::string text = "<sip:a@b>" + std::string{wrong};
    test::tolerates<To>({{text, "parameter whose value is not of its kind", text}});
  }
}
