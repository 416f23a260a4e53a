#include "kith/sip/parsed.h"

#include <doctest/doctest.h>

#include "kith/sip/header/contact.h"
#include "kith/sip/header/max_forwards.h"

using namespace kith;
using namespace kith::sip;

TEST_CASE("RFC 3261 §7.3.1: a header is parsed of the text of one value") {
  const Result<Contact> contact = parsed<Contact>("\"A\" <sip:a@b.example>;q=0.7");
  REQUIRE(contact);
  CHECK(contact->display_name == "A");
  CHECK(written(*contact) == "\"A\" <sip:a@b.example>;q=0.7");
  CHECK(parsed<MaxForwards>("70", Mode::strict)->hops == 70);
}

TEST_CASE("RFC 3261 §7.3.1: what is none, or more than one, is refused where it goes wrong") {
  CHECK(parsed<MaxForwards>("").error() == Error{Fault::malformed, "Max-Forwards", 0});
  CHECK(parsed<MaxForwards>("70 hops").error() == Error{Fault::malformed, "Max-Forwards", 2});
  CHECK(parsed<Contact>("<sip:a@b>, <sip:c@d>").error().offset == 9);
  CHECK_FALSE(parsed<Contact>("<sip:a@b", Mode::strict));
}

TEST_CASE("RFC 3261 §19.1.1: what was tolerated is told") {
  constexpr std::string_view quoted = "<sip:a@b.example;transport=\"tcp\">";
  Diagnostics tolerated;
  CHECK(parsed<Contact>(quoted, Mode::lenient, &tolerated));
  CHECK(tolerated.size() == 1);
  CHECK_FALSE(parsed<Contact>(quoted, Mode::strict));
}
