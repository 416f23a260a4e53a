#include "kith/sip/header/ms_keep_alive.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("SIP-TRAN-14: ms-keep-alive has a role, UAC or UAS") {
  test::accepts<MsKeepAlive>({{"UAC;hop-hop=yes", ""},
                              {"UAS; tcp=no; hop-hop=yes; end-end=no; timeout=300",
                               "UAS;tcp=no;hop-hop=yes;end-end=no;timeout=300"},
                              {"uac", "UAC"}});
  test::refuses<MsKeepAlive>({"", "hop-hop=yes", ";hop-hop=yes", "UA", "UACX", "UAD;tcp=yes"});
}
