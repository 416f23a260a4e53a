#include "kith/sip/header/p_charging_function_addresses.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 7315 §5.5: P-Charging-Function-Addresses") {
  test::accepts<PChargingFunctionAddresses>(
      {{"ccf=192.0.8.1;ecf=192.0.8.3", ""},
       {"ccf=[5555::b99:c88:d77:e66] ; ccf-2 = [5555::a55:b44:c33:d22];ecf=\"a b\";x",
        "ccf=[5555::b99:c88:d77:e66];ccf-2=[5555::a55:b44:c33:d22];ecf=\"a b\";x"}});
  test::refuses<PChargingFunctionAddresses>(
      {"", ";ccf=a", "ccf=a ecf=b", "ccf=\"a", "=a", "ccf=a, ecf=b", "ccf=a;=b"});
  test::tolerates<PChargingFunctionAddresses>(
      {{"ccf=a;;ecf=b;", "empty parameter", "ccf=a;ecf=b"},
       {"ccf=a;CCF=b", "parameter given twice", "ccf=a;CCF=b"},
       {"ccf=aaa://a.example", "unquoted character in a parameter value", "ccf=aaa://a.example"},
       {"ccf=;ecf=b", "parameter without value after the equals sign", "ccf;ecf=b"}});
  CHECK(PChargingFunctionAddresses::name.multi);
}

TEST_CASE("RFC 7315 §5.5: the second address is for when the first cannot be reached") {
  const auto header = test::read_whole<PChargingFunctionAddresses>(
      "CCF-2=b;ccf=a;ecf=c;ccf=\"d e\";ecf-2=f;x", kith::Mode::lenient);
  REQUIRE(header);
  using Values = std::vector<std::string_view>;
  CHECK(header->ccf() == Values{"a", "d e", "b"});
  CHECK(header->ecf() == Values{"c", "f"});
  CHECK(PChargingFunctionAddresses{}.ccf().empty());
}

TEST_CASE("parameters without end are refused, also where a name repeats") {
  std::string many = "ccf=a";
  for (int i = 1; i < 64; ++i) many += ";ccf=a";
  CHECK(test::read_whole<PChargingFunctionAddresses>(many, kith::Mode::lenient));
  CHECK_FALSE(test::read_whole<PChargingFunctionAddresses>(many + ";ccf=a", kith::Mode::lenient));
}
