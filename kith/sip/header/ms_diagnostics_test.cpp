#include "kith/sip/header/ms_diagnostics.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("ms-diagnostics") {
  test::accepts<MsDiagnostics>(
      {{"1000;reason=\"Final handshake failed\";source=\"sip.example.com\"", ""}, {"0", ""}});
  test::refuses<MsDiagnostics>({"", "x", "1 x", "1;reason=\"x", "-1"});
}
