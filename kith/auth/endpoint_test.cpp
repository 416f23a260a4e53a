#include "kith/auth/endpoint.h"

#include <doctest/doctest.h>

#include "kith/auth/limits.h"
#include "kith/auth/testing/messages.h"

using namespace kith;
using namespace kith::auth;
using kith::auth::testing::message;

namespace {

constexpr std::string_view uuid = "bb1eb26d-ee02-586b-812f-d8141a5844bc";

sip::Message request(std::string_view method, std::string_view from, std::string_view contact) {
  std::string text(method);
  text.append(" sip:lab.example SIP/2.0\nFrom: ").append(from);
  text.append("\nContact: ").append(contact).append("\n");
  return message(text);
}

}  // namespace

TEST_CASE("[MS-SIPRE] §3.2.3.1: the instance UUID comes from the epid") {
  CHECK(instance_of_epid("01010101") == "4b1682a8-f968-5701-83fc-7c6741dc6697");
  CHECK(instance_of_epid("7f3a91c204") == uuid);
  CHECK(instance_of_epid("46b45a2a3940") == "b51a9866-926a-5e92-9260-ed0dec9cdf92");
}

TEST_CASE("SIP-AUTH-16: an epid is 1 to 16 hexadecimal digits") {
  for (const char* good : {"0", "7f3a91c204", "ABCDEF0123456789"}) CHECK(is_epid(good));
  CHECK(is_epid(std::string(limits::epid_length_max, 'f')));
  CHECK_FALSE(is_epid(std::string(limits::epid_length_max + 1, 'f')));
  for (const char* bad : {"", "01234567890123456", "7f3g", "7f 3a", "-1", "0x12"})
    CHECK_FALSE(is_epid(bad));
}

TEST_CASE("SIP-AUTH-42: a device is the address of From and its epid") {
  const auto device = endpoint_of(
      request("SERVICE", "<sip:Walt@LAB.example:5060;x=y>;tag=1;epid=7F3A91C204", "<sip:x@y>"));
  REQUIRE(device);
  CHECK(device->aor.value == "walt@lab.example");
  CHECK(device->epid == "7f3a91c204");
}

TEST_CASE("SIP-AUTH-42: without epid a device is its sip.instance; without both it is nobody") {
  const std::string contact =
      "<sip:1.2.3.4>;+sip.instance=\"<urn:uuid:BB1EB26D-EE02-586B-812F-D8141A5844BC>\"";
  CHECK(endpoint_of(request("REGISTER", "<sip:walt@lab.example>;tag=1", contact))->epid == uuid);
  CHECK(endpoint_of(request("REGISTER", "<sip:walt@lab.example>;tag=1", "<sip:1.2.3.4>")).error() ==
        "Missing epid");
  CHECK(endpoint_of(request("REGISTER", "<tel:+1555>;tag=1;epid=12", "<sip:1.2.3.4>")).error() ==
        "Not a SIP Address");
  CHECK(endpoint_of(request("REGISTER", "<sip:walt@lab.example>;epid=nothex", "*")).error() ==
        "Bad epid");
}

TEST_CASE("SIP-AUTH-43: epid and sip.instance must belong together") {
  const auto with = [](std::string_view epid, std::string_view instance) {
    return endpoint_of(
        request("REGISTER", "<sip:walt@lab.example>;epid=" + std::string(epid),
                "<sip:1.2.3.4>;+sip.instance=\"<urn:uuid:" + std::string(instance) + ">\""));
  };
  CHECK(with("7f3a91c204", uuid));
  CHECK(with("7f3a91c204", "BB1EB26D-EE02-586B-812F-D8141A5844BC"));
  CHECK(with("7f3a91c205", uuid).error() == "epid and sip.instance Do Not Belong Together");
}

TEST_CASE("a real client's epid and instance belong together") {
  const auto device = endpoint_of(
      testing::capture(KITH_SOURCE_DIR, "kerberos-alice-003-client-REGISTER-kerberos-ap-req"));
  REQUIRE(device);
  CHECK(device->epid == "46b45a2a3940");
}
