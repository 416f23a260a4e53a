#include "kith/ua/new_request.h"

#include <doctest/doctest.h>

#include "kith/sip/headers.h"

namespace kith::ua {
namespace {

TEST_CASE("RFC 3261 §8.1.1: a new request lacks only the Via that is put on when it is sent") {
  SeededRandom random(1);
  sip::Message request =
      new_request("OPTIONS", "sip:alice@a.example", "sips:bob@b.example", random);
  CHECK(request.request_uri() == "sips:bob@b.example");
  CHECK(request.require<sip::MaxForwards>()->hops == 70);
  CHECK(request.require<sip::CSeq>()->method == "OPTIONS");
  CHECK(request.text("To") == "<sips:bob@b.example>");
  CHECK(request.require<sip::From>()->tag().value_or("").size() == 16);
  CHECK(sip::first_fault(request)->where == "Via");
  request.add("Via", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1");
  CHECK_FALSE(sip::first_fault(request));
}

TEST_CASE("RFC 3261 §8.1.1.4: no two new requests have the same Call-ID or tag") {
  SeededRandom random(1);
  const sip::Message one = new_request("OPTIONS", "sip:a@a.example", "sip:b@b.example", random);
  const sip::Message two = new_request("OPTIONS", "sip:a@a.example", "sip:b@b.example", random);
  CHECK(one.text("Call-ID") != two.text("Call-ID"));
  CHECK(one.text("From") != two.text("From"));
}

}  // namespace
}  // namespace kith::ua
