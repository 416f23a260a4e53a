#include "kith/sip/header/info_package.h"

#include "kith/sip/header/recv_info.h"
#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 6086 §7.2: Info-Package") {
  test::accepts<InfoPackage>({{"g.3gpp.mid-call", ""}, {"foo ; x=1;y", "foo;x=1;y"}, {"*", ""}});
  test::refuses<InfoPackage>({"", ";x", "foo bar", "\"foo\"", "foo;=1", "foo/bar", "<foo>"});
  const auto read = [](std::string_view text) {
    return test::read_whole<InfoPackage>(text, kith::Mode::strict).value();
  };
  CHECK(equivalent(read("foo;x=1"), read("foo")));
  CHECK(equivalent(read("foo"), *test::read_whole<RecvInfo>("foo;y", kith::Mode::strict)));
  CHECK_FALSE(equivalent(read("foo"), read("Foo")));
}
