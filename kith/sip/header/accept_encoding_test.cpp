#include "kith/sip/header/accept_encoding.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.2: Accept-Encoding") {
  test::accepts<AcceptEncoding>(
      {{"gzip", ""}, {"*;q=0", ""}, {"gzip ; q=1.0 ;x=\"y\"", "gzip;q=1.0;x=\"y\""}});
  test::refuses<AcceptEncoding>({"", "gzip x", ";q=1", "g/zip", "\"gzip\"", "gzip;q=\"1"});
  const auto gzip = *test::read_whole<AcceptEncoding>("GZip;q=0.25", kith::Mode::strict);
  CHECK(gzip.is("gzip"));
  CHECK(gzip.q() == QValue{250});
  CHECK_FALSE(gzip.is_wildcard());
  const auto rest = *test::read_whole<AcceptEncoding>("*;q=2", kith::Mode::strict);
  CHECK(rest.is_wildcard());
  CHECK_FALSE(rest.q());
}
