#include "kith/sip/header/ms_diagnostics_public.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("ms-diagnostics-public") {
  test::accepts<MsDiagnosticsPublic>(
      {{"4141;reason=\"User disabled\"", ""}, {"1 ; source=a", "1;source=a"}});
  test::refuses<MsDiagnosticsPublic>({"", "x", "1 x", "1;reason=\"x", "-1", "4294967296", ";a"});
  const auto header = test::read_whole<MsDiagnosticsPublic>(
      "4141;reason=\"User disabled\";source=\"a.example\"", kith::Mode::strict);
  REQUIRE(header);
  CHECK(header->id == 4141);
  CHECK(header->reason() == "User disabled");
  CHECK(header->source() == "a.example");
}
