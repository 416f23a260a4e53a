#include "kith/sip/header/p_early_media.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 5009 §9: P-Early-Media") {
  test::accepts<PEarlyMedia>({{"sendrecv", ""}, {"gated", ""}, {"new", ""}});
  test::refuses<PEarlyMedia>({"", "send recv", "gated;x", "\"gated\""});
  CHECK(PEarlyMedia::name.may_be_empty);
}

TEST_CASE("RFC 5009 §9: a parameter of P-Early-Media is a direction, gated or supported") {
  CHECK(PEarlyMedia{"sendrecv"}.direction() == EarlyMedia::sendrecv);
  CHECK(PEarlyMedia{"SendOnly"}.direction() == EarlyMedia::sendonly);
  CHECK(PEarlyMedia{"recvonly"}.direction() == EarlyMedia::recvonly);
  CHECK(PEarlyMedia{"inactive"}.direction() == EarlyMedia::inactive);
  CHECK_FALSE(PEarlyMedia{"gated"}.direction());
  CHECK(PEarlyMedia{"Gated"}.gated());
  CHECK_FALSE(PEarlyMedia{"supported"}.gated());
  CHECK(PEarlyMedia{"Supported"}.supported());
  CHECK_FALSE(PEarlyMedia{"gated"}.supported());
}
