#include "kith/sip/header/referred_by.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3892 §3: Referred-By") {
  test::accepts<ReferredBy>({{"sip:r@ref.example;cid=\"2UWQFN309shb3@ref.example\"",
                              "<sip:r@ref.example>;cid=\"2UWQFN309shb3@ref.example\""},
                             {"<sip:a@b>;cid=\"x@[2001:db8::1]\"", ""},
                             {"Bob <sip:a@b>", "\"Bob\" <sip:a@b>"},
                             {"\"B \\\"o\" <sip:a@b;x>;y", ""}});
  test::refuses<ReferredBy>({"", "<sip:a@b", "sip:a@b?x=y", "Bob sip:a@b", "<sip:a@b>;cid",
                             "<sip:a@b>;cid=\"x\"", "<sip:a@b>;cid=\"@x\"", "<sip:a@b>;cid=\"x@\"",
                             "<sip:a@b>;cid=\"x@y z\"", "<sip:a@b>;cid=\"x@y"});
  const auto header = test::read_whole<ReferredBy>("<sip:a@b>;CID=\"x@y\"", kith::Mode::strict);
  CHECK(header->cid() == "x@y");
  CHECK_FALSE(test::read_whole<ReferredBy>("<sip:a@b>", kith::Mode::strict)->cid());
}
