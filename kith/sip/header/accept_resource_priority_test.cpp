#include "kith/sip/header/accept_resource_priority.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 4412 §3.2: Accept-Resource-Priority") {
  test::accepts<AcceptResourcePriority>(
      {{"dsn.flash", ""}, {"wps.3", ""}, {"Q735.0", ""}, {"a-!%*_+`'~.b", ""}});
  test::refuses<AcceptResourcePriority>({"", "dsn", "dsn.", ".flash", "dsn.flash.override",
                                         "dsn flash", "dsn .flash", "\"dsn\".flash",
                                         "dsn.flash;x"});
  const auto value = [](std::string_view text) {
    return *test::read_whole<AcceptResourcePriority>(text, kith::Mode::strict);
  };
  CHECK(equivalent(value("dsn.flash"), value("DSN.Flash")));
  CHECK(value("dsn.flash") != value("DSN.Flash"));
  CHECK_FALSE(equivalent(value("dsn.flash"), value("drsn.flash")));
  CHECK_FALSE(equivalent(value("dsn.flash"), value("dsn.routine")));
}
