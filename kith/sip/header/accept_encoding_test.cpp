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
  const auto rest = *test::read_whole<AcceptEncoding>("*;q=2", kith::Mode::lenient);
  CHECK(rest.is_wildcard());
  CHECK_FALSE(rest.q());
}

TEST_CASE("RFC 3261 §25.1: q is a qvalue") {
  test::accepts<AcceptEncoding>(
      {{"gzip;x=2;q=0", ""}, {"gzip;x=2;Q=1.00", ""}, {"gzip;x=2;q=0.001", ""}});
  for (const char* wrong : {";q", ";q=2", ";q=1.1", ";q=high", ";q=\"1\""}) {
    const std::string text = "gzip;x=2" + std::string{wrong};
    test::tolerates<AcceptEncoding>({{text, "parameter whose value is not of its kind", text}});
  }
}
