#include "kith/sip/header/server.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.35: Server") { test::accepts<Server>({{"RTC/2.0", ""}}); }
