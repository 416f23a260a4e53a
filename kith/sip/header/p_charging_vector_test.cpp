#include "kith/sip/header/p_charging_vector.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 7315 §5.6: P-Charging-Vector has an icid-value first") {
  test::accepts<PChargingVector>(
      {{"icid-value=1234bc9876e;icid-generated-at=192.0.6.8;orig-ioi=home1.net", ""},
       {"ICID-Value = \"a;b=\" ; x", "ICID-Value=\"a;b=\";x"},
       {"icid-value=1;icid-generated-at=[2001:db8::1];transit-ioi=\"a.1, b2.2,VOID\"", ""}});
  test::refuses<PChargingVector>({"", "x=1", ";icid-value=1", "icid-value", "icid-value=\"\"",
                                  "icid-value=1 x", "icid-value=1, icid-value=2", "icid-value=\"1",
                                  "orig-ioi=a;term-ioi=b"});
  test::tolerates<PChargingVector>(
      {{"icid-value=AyretyU0dm+6O2IrT5tAFrbHLso=023551024",
        "unquoted character in a parameter value",
        "icid-value=AyretyU0dm+6O2IrT5tAFrbHLso=023551024"},
       {"orig-ioi=a;icid-value=1", "icid-value that does not stand first",
        "orig-ioi=a;icid-value=1"},
       {"icid-value=1;icid-value=2", "parameter given twice", "icid-value=1;icid-value=2"},
       {"icid-value=1;", "empty parameter", "icid-value=1"},
       {"icid-value=1;icid-generated-at=\"a.example\"", "host that is none in a charging vector",
        "icid-value=1;icid-generated-at=\"a.example\""},
       {"icid-value=1;transit-ioi=a.1", "networks in between that follow no grammar",
        "icid-value=1;transit-ioi=a.1"},
       {"icid-value=1;transit-ioi=\"a.b\"", "networks in between that follow no grammar",
        "icid-value=1;transit-ioi=\"a.b\""},
       {"icid-value=1;transit-ioi=\"1a.1\"", "networks in between that follow no grammar",
        "icid-value=1;transit-ioi=\"1a.1\""},
       {"icid-value=1;transit-ioi=\"a.\"", "networks in between that follow no grammar",
        "icid-value=1;transit-ioi=\"a.\""},
       {"icid-value=1;transit-ioi=\"a\"", "networks in between that follow no grammar",
        "icid-value=1;transit-ioi=\"a\""},
       {"icid-value=1;transit-ioi=\"a.1 b.2\"", "networks in between that follow no grammar",
        "icid-value=1;transit-ioi=\"a.1 b.2\""},
       {"icid-value=1;related-icid-generated-at=a:1", "host that is none in a charging vector",
        "icid-value=1;related-icid-generated-at=a:1"}});
}

TEST_CASE("RFC 7315 §5.6: an icid-value that is not there is said to be missing") {
  kith::Scanner in("orig-ioi=a", kith::Mode::lenient, "P-Charging-Vector");
  CHECK_FALSE(PChargingVector::parse(in));
  CHECK(in.error().fault == kith::Fault::missing);
}

TEST_CASE("RFC 7315 §5.6: parameters of P-Charging-Vector by their names") {
  const auto header = test::read_whole<PChargingVector>(
      "icid-value=1;icid-generated-at=a.example;orig-ioi=b;term-ioi=c;transit-ioi=\"d.1, void\";"
      "related-icid=2;related-icid-generated-at=e.example",
      kith::Mode::strict);
  REQUIRE(header);
  CHECK(header->icid_value() == "1");
  CHECK(header->icid_generated_at() == "a.example");
  CHECK(header->orig_ioi() == "b");
  CHECK(header->term_ioi() == "c");
  CHECK(header->transit_ioi() == "d.1, void");
  CHECK(header->related_icid() == "2");
  CHECK(header->related_icid_generated_at() == "e.example");
}
