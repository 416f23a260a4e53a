#include "kith/sip/header/history_info.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 7044 §5: History-Info") {
  test::accepts<HistoryInfo>(
      {{"<sip:UserA@ims.example.com>;index=1;foo=bar", ""},
       {"<sip:45432@192.168.0.3?Reason=SIP%3Bcause%3D302>;index=1.2;rc=1.1", ""},
       {"A <sip:a@b> ; index=10.1.20 ; mp=10", "\"A\" <sip:a@b>;index=10.1.20;mp=10"},
       {"<sip:a@b>;np=1;index=1.1", ""}});
  test::refuses<HistoryInfo>(
      {"", "<sip:a@b>", "<sip:a@b>;index", "<sip:a@b>;index=", "<sip:a@b>;index=\"1\"",
       "<sip:a@b>;index=1;index=2", "<sip:a@b>;index=1.", "<sip:a@b>;index=.1",
       "<sip:a@b>;index=1..2", "<sip:a@b>;index=01", "<sip:a@b>;index=a", "<sip:a@b>;index=1;rc=x",
       "<sip:a@b>;index=1;mp", "<sip:a@b>;index=1;rc=\"1\"", "<sip:a@b>;index=1;mp=01",
       "<sip:a@b>;index=1;np=1.", "sip:a@b?c=d;index=1"});
  test::tolerates<HistoryInfo>(
      {{"sip:a@b;index=1", "address without angle brackets", "<sip:a@b>;index=1"}});
  const auto header =
      test::read_whole<HistoryInfo>("<sip:a@b>;index=1.2;rc=1.1;mp=2;np=3", kith::Mode::strict);
  CHECK(header->index() == "1.2");
  CHECK(header->rc() == "1.1");
  CHECK(header->mp() == "2");
  CHECK(header->np() == "3");
}
