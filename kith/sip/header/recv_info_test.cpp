#include "kith/sip/header/recv_info.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 6086 §7.3: Recv-Info") {
  test::accepts<RecvInfo>({{"g.3gpp.mid-call", ""}, {"foo ; x=1;y", "foo;x=1;y"}, {"*", ""}});
  test::refuses<RecvInfo>({"", ";x", "foo bar", "\"foo\"", "foo;=1", "foo/bar", "<foo>"});
}
