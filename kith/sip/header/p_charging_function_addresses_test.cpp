#include "kith/sip/header/p_charging_function_addresses.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 7315 §5.5: P-Charging-Function-Addresses") {
  test::accepts<PChargingFunctionAddresses>(
      {{"ccf=192.0.8.1;ecf=192.0.8.3", ""},
       {"ccf=[5555::b99:c88:d77:e66] ; ccf = [5555::a55:b44:c33:d22];ecf=\"a b\";x",
        "ccf=[5555::b99:c88:d77:e66];ccf=[5555::a55:b44:c33:d22];ecf=\"a b\";x"}});
  test::refuses<PChargingFunctionAddresses>(
      {"", ";ccf=a", "ccf=a ecf=b", "ccf=\"a", "=a", "ccf=a, ecf=b", "ccf=a;=b"});
  test::tolerates<PChargingFunctionAddresses>(
      {{"ccf=a;;ecf=b;", "empty parameter", "ccf=a;ecf=b"},
       {"ccf=aaa://a.example", "unquoted character in a parameter value", "ccf=aaa://a.example"},
       {"ccf=;ecf=b", "parameter without value after the equals sign", "ccf;ecf=b"}});
}

TEST_CASE("RFC 7315 §5.5: every address of a name is there, one can be added and taken away") {
  auto header =
      test::read_whole<PChargingFunctionAddresses>("ccf=a;ECF=b;CCF=\"c\";x", kith::Mode::strict);
  REQUIRE(header);
  using Values = std::vector<std::string_view>;
  CHECK(header->ccf() == Values{"a", "c"});
  CHECK(header->ecf() == Values{"b"});
  CHECK(header->all("y").empty());
  header->add("ccf", "d e");
  CHECK(kith::written(*header) == "ccf=a;ECF=b;CCF=\"c\";x;ccf=\"d e\"");
  header->remove("ccf", "a");
  CHECK(kith::written(*header) == "ECF=b;CCF=\"c\";x;ccf=\"d e\"");
  header->remove("ecf", "c");
  CHECK(header->ccf() == Values{"c", "d e"});
}

TEST_CASE("parameters without end are refused where a name may repeat") {
  std::string many = "ccf=a";
  for (int i = 1; i < 64; ++i) many += ";ccf=a";
  CHECK(test::read_whole<PChargingFunctionAddresses>(many, kith::Mode::strict));
  CHECK_FALSE(test::read_whole<PChargingFunctionAddresses>(many + ";ccf=a", kith::Mode::lenient));
}
