#include "kith/sip/header/request_disposition.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3841 §9.1: Request-Disposition") {
  test::accepts<RequestDisposition>({{"proxy", ""}, {"no-recurse", ""}, {"Sequential", ""}});
  test::refuses<RequestDisposition>({"", "no-proxy", "no", "forks", "\"fork\"", "fork;x",
                                     "fork queue", "no-redirect", "no-parallel"});
  const auto header = test::read_whole<RequestDisposition>("No-Fork", kith::Mode::strict);
  CHECK(header->is("no-fork"));
  CHECK_FALSE(header->is("fork"));
}
