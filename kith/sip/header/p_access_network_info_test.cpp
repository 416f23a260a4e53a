#include "kith/sip/header/p_access_network_info.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 7315 §5.4: P-Access-Network-Info") {
  test::accepts<PAccessNetworkInfo>({{"3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=2340100E1000000A", ""},
                                     {"ADSL2+ ; dsl-location=\"a b\" ; network-provided",
                                      "ADSL2+;dsl-location=\"a b\";network-provided"},
                                     {"G.SHDSL", ""},
                                     {"IEEE-802.11", ""}});
  test::refuses<PAccessNetworkInfo>(
      {"", ";cgi-3gpp=1", "3GPP GERAN", "\"ADSL\"", "ADSL;\"x\"", "ADSL;dsl-location=\"x"});
  test::tolerates<PAccessNetworkInfo>(
      {{"DVB-RCS2;dvb-rcs2-node-id=1", "access information without quotes",
        "DVB-RCS2;dvb-rcs2-node-id=1"},
       {"ADSL;Local-Time-Zone=UTC", "access information without quotes",
        "ADSL;Local-Time-Zone=UTC"}});
}

TEST_CASE("RFC 7913 §2: what is said of an access, by its name") {
  const auto header = test::read_whole<PAccessNetworkInfo>(
      "3gpp-geran;cgi-3gpp=1;utran-cell-id-3gpp=2;utran-sai-3gpp=3;ci-3gpp2=4;ci-3gpp2-femto=5;"
      "i-wlan-node-id=6;dsl-location=7;eth-location=8;fiber-location=9;gstn-location=10;"
      "dvb-rcs2-node-id=\"11\";operator-specific-GI=12;local-time-zone=\"UTC+01:00\";network-"
      "provided",
      kith::Mode::strict);
  REQUIRE(header);
  CHECK(header->is("3GPP-GERAN"));
  CHECK_FALSE(header->is("3GPP-GERA"));
  CHECK(header->cgi_3gpp() == "1");
  CHECK(header->utran_cell_id_3gpp() == "2");
  CHECK(header->utran_sai_3gpp() == "3");
  CHECK(header->ci_3gpp2() == "4");
  CHECK(header->ci_3gpp2_femto() == "5");
  CHECK(header->i_wlan_node_id() == "6");
  CHECK(header->dsl_location() == "7");
  CHECK(header->eth_location() == "8");
  CHECK(header->fiber_location() == "9");
  CHECK(header->gstn_location() == "10");
  CHECK(header->dvb_rcs2_node_id() == "11");
  CHECK(header->operator_specific_gi() == "12");
  CHECK(header->local_time_zone() == "UTC+01:00");
  CHECK(header->network_provided());
  CHECK_FALSE(PAccessNetworkInfo{}.network_provided());
  CHECK_FALSE(PAccessNetworkInfo{}.cgi_3gpp());
}
