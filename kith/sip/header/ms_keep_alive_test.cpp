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

TEST_CASE("[MS-CONMGMT] §2.2.1: the timeout of ms-keep-alive is in seconds") {
  const auto timeout = [](std::string_view text) {
    return test::read_whole<MsKeepAlive>(text, kith::Mode::lenient)->timeout();
  };
  CHECK(timeout("UAS;Timeout=300") == 300);
  for (const char* none : {"UAS", "UAS;timeout", "UAS;timeout=x", "UAS;timeout=4294967296"})
    CHECK_FALSE(timeout(none));
}

TEST_CASE("[MS-CONMGMT] §2.2.1: timeout is a number of seconds") {
  test::accepts<MsKeepAlive>({{"UAC;hop-hop=yes;timeout=0", ""},
                              {"UAC;hop-hop=yes;Timeout=300", ""},
                              {"UAC;hop-hop=yes;x=-1", ""}});
  for (const char* wrong :
       {";timeout", ";timeout=-1", ";timeout=4294967296", ";timeout=soon", ";timeout=\"1\""}) {
    const std::string text = "UAC;hop-hop=yes" + std::string{wrong};
    test::tolerates<MsKeepAlive>({{text, "parameter whose value is not of its kind", text}});
  }
}
