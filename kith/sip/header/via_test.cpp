#include "kith/sip/header/via.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.42: Via") {
  test::accepts<Via>({{"SIP/2.0/TCP a.example:5060;branch=z9hG4bK1;rport", ""},
                      {"sip / 2.0 / tcp  [::1] : 5060 ;received=192.0.2.1",
                       "SIP/2.0/tcp [::1]:5060;received=192.0.2.1"},
                      {"SIP/2.0/UDP a.example: \t5060", "SIP/2.0/UDP a.example:5060"},
                      {"SIP/2.0/UDP 192.0.2.1", ""},
                      {"SIP/2.0/UDP a;received=[::1]", ""}});
  test::refuses<Via>({"", "SIP/2.0", "SIP/2.0/TCP", "SIP/3.0/TCP a", "HTTP/2.0/TCP a",
                      "SIP/2.0/TCP a:", "SIP/2.0/TCP a:0", "SIP/2.0/TCP a:65536",
                      "SIP/2.0/TCP [::1", "SIP/2.0/TCP a b", "SIP/2.0/TCP a;=x"});
  test::tolerates<Via>({{"SIP/2.0/TCP a;branch=z9@x", "unquoted character in a parameter value",
                         "SIP/2.0/TCP a;branch=z9@x"},
                        {"SIP/2.0/TCP a;", "empty parameter", "SIP/2.0/TCP a"},
                        {"SIP/2.0/TCP a_b", "underscore in a host name", "SIP/2.0/TCP a_b"},
                        {"SIP/2.0/UDP [1:::192.0.2.1]", "three colons in an IPv6 address",
                         "SIP/2.0/UDP [1::192.0.2.1]"}});
  CHECK(test::read_whole<Via>("SIP/2.0/UDP [1:::192.0.2.1]", kith::Mode::lenient)->host ==
        "[1::192.0.2.1]");
}

namespace {

Via via(std::string_view params) {
  return *test::read_whole<Via>("SIP/2.0/UDP a" + std::string{params}, kith::Mode::lenient);
}

}  // namespace

TEST_CASE("RFC 3261 §8.1.1.7: a branch with the magic cookie has something after it") {
  CHECK(via(";branch=z9hG4bK1").has_magic_cookie());
  for (const char* other : {"", ";branch", ";branch=1", ";branch=z9hG4bK", ";branch=Z9HG4BK1"})
    CHECK_FALSE(via(other).has_magic_cookie());
}

TEST_CASE("RFC 3261 §20.42: ttl is 0 to 255, maddr a host") {
  CHECK(via(";ttl=0").ttl() == 0);
  CHECK(via(";TTL=255").ttl() == 255);
  for (const char* wrong : {"", ";ttl", ";ttl=256", ";ttl=0016", ";ttl=x", ";ttl=1.5"})
    CHECK_FALSE(via(wrong).ttl());
  CHECK(via(";maddr=224.0.1.75").maddr() == "224.0.1.75");
  CHECK_FALSE(via("").maddr());
}

TEST_CASE(
    "RFC 3261 §25.1: received has no brackets around an IPv6 address, and is read with them") {
  CHECK(via(";received=[2001:db8::1]").received() == "2001:db8::1");
  CHECK(via(";received=2001:db8::1").received() == "2001:db8::1");
  CHECK(via(";received=192.0.2.1").received() == "192.0.2.1");
  CHECK_FALSE(via("").received());
  Via ours = via(";received=[::1];rport");
  ours.set_received("[2001:db8::1]");
  CHECK(kith::written(ours) == "SIP/2.0/UDP a;received=2001:db8::1;rport");
  ours.set_received("192.0.2.1");
  CHECK(kith::written(ours) == "SIP/2.0/UDP a;received=192.0.2.1;rport");
}

TEST_CASE("RFC 3581 §3: rport is absent, asked for, or a port") {
  CHECK(via("").rport() == RPort{});
  CHECK(via(";rport").rport() == RPort{RPort::State::asked_for});
  CHECK(via(";rport=9988").rport() == RPort{RPort::State::known, 9988});
  for (const char* wrong : {";rport=0", ";rport=65536", ";rport=x", ";rport=1x"})
    CHECK(via(wrong).rport() == RPort{});
}

TEST_CASE("RFC 3261 §7.3.1: two Vias are the same hop whatever the case and the order") {
  const auto same = [](std::string_view a, std::string_view b) {
    return equivalent(*test::read_whole<Via>(a, kith::Mode::strict),
                      *test::read_whole<Via>(b, kith::Mode::strict));
  };
  CHECK(same("SIP/2.0/UDP a.example:5060;branch=x;rport",
             "sip/2.0/udp A.Example:5060;RPORT;Branch=X"));
  for (const char* other :
       {"SIP/2.0/TCP a:1;b", "SIP/2.0/UDP b:1;b", "SIP/2.0/UDP a:2;b", "SIP/2.0/UDP a;b",
        "SIP/2.0/UDP a:1", "SIP/2.0/UDP a:1;b=1", "SIP/2.0/UDP a:1;b;c"})
    CHECK_FALSE(same("SIP/2.0/UDP a:1;b", other));
}

TEST_CASE("RFC 3261 §25.1: the parameters of a Via that it names are of their kind") {
  test::accepts<Via>(
      {{"SIP/2.0/UDP a;ttl=0;maddr=a.example;received=::1;branch=z9%1", ""},
       {"SIP/2.0/UDP a;ttl=255;maddr=192.0.2.1;received=[2001:db8::1];rport=65535", ""},
       {"SIP/2.0/UDP a;TTL=016;maddr=[::1];received=192.0.2.1;Rport=1", ""},
       {"SIP/2.0/UDP a;rport;x=256", ""}});
  for (const char* wrong : {";ttl",
                            ";ttl=256",
                            ";ttl=0016",
                            ";ttl=x",
                            ";ttl=\"1\"",
                            ";rport=0",
                            ";rport=65536",
                            ";rport=x",
                            ";rport=\"1\"",
                            ";received",
                            ";received=a.example",
                            ";received=[192.0.2.1]",
                            ";received=[::1",
                            ";received=:::1",
                            ";received=192.0.2.256",
                            ";received=\"::1\"",
                            ";maddr",
                            ";maddr=a_b",
                            ";maddr=a:5060",
                            ";maddr=::1",
                            ";maddr=192.0.2.256",
                            ";maddr=\"a\"",
                            ";branch",
                            ";branch=\"z9hG4bK1\"",
                            ";branch=z9hG4bK:1"}) {
    const std::string text = "SIP/2.0/UDP a" + std::string{wrong};
    test::tolerates<Via>({{text, "parameter whose value is not of its kind", text}});
  }
}
