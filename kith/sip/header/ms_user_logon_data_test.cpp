#include "kith/sip/header/ms_user_logon_data.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("ms-user-logon-data: one token") {
  test::accepts<MsUserLogonData>({{"RemoteUser", ""}, {"other", ""}});
  test::refuses<MsUserLogonData>({"", "a b", "a;b", "\"RemoteUser\""});
  CHECK(MsUserLogonData{"remoteuser"}.is("RemoteUser"));
  CHECK_FALSE(MsUserLogonData{"LocalUser"}.is("RemoteUser"));
}
