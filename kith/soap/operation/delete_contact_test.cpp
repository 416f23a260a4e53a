#include "kith/soap/operation/delete_contact.h"

#include <doctest/doctest.h>

#include "kith/soap/operation/operation_test.h"

namespace kith::soap {
namespace {

TEST_CASE("SIP-CONT-15: deleteContact has URI and deltaNum") {
  const DeleteContact bob{.uri = "sip:bob@example.com", .expected = {11}};
  CHECK(test::parse<DeleteContact>(
            "<m:URI>sip:bob@example.com</m:URI><m:deltaNum>11</m:deltaNum>") == bob);
  CHECK(envelope(bob).contains(
      "<m:URI>sip:bob@example.com</m:URI><m:deltaNum>11</m:deltaNum></m:deleteContact>"));
  test::check_round_trip(bob);
}

TEST_CASE("SIP-CONT-08: deleteContact carries deltaNum") {
  test::check_delta_num<DeleteContact>("<m:URI>sip:b@h</m:URI>");
}

TEST_CASE("SIP-CONT-15: deleteContact without a proper URI is refused") {
  const std::string number = "<m:deltaNum>1</m:deltaNum>";
  test::check_refused<DeleteContact>(number, Fault::missing, "URI");
  test::check_refused<DeleteContact>(number + "<m:URI/>", Fault::malformed, "URI");
  test::check_refused<DeleteContact>(number + "<m:URI>sip:b@" + std::string(449, 'h') + "</m:URI>",
                                     Fault::too_long, "URI");
}

}  // namespace
}  // namespace kith::soap
