#include <doctest/doctest.h>

#include "kith/location/plan.h"
#include "kith/location/test/play.h"

namespace kith::location {
namespace {

constexpr const char* zone = R"(
  client.example.com            60 A     192.0.2.1
  client.example.com            60 A     192.0.2.2
  _sip._tcp.farm.example.com    60 SRV   0 1 5070 client.example.com
  _sips._tcp.farm.example.com   60 SRV   0 1 5071 client.example.com
  _sip._udp.farm.example.com    60 SRV   0 1 5072 client.example.com
)";

void check_responses(std::string_view table) {
  for (const std::vector<std::string>& row : rows_of(table)) {
    CAPTURE(row[0]);
    Scanner in(row[0], Mode::strict);
    const std::optional<sip::Via> via = sip::Via::parse(in);
    REQUIRE(via);
    Play play(zone, {.families = {RecordType::a}});
    play.start(*via);
    play.fail_all();
    CHECK(play.asked == row[1]);
    CHECK(play.tried == row[2]);
  }
}

TEST_CASE("RFC 3261 §18.2.2: a response goes to maddr, or to where the request came from") {
  check_responses(R"(
    SIP/2.0/UDP 192.0.2.7                        | | UDP 192.0.2.7:5060, all_failed
    SIP/2.0/UDP 192.0.2.7:5080                   | | UDP 192.0.2.7:5080, all_failed
    SIP/2.0/UDP 10.0.0.1:5080;received=192.0.2.7 | | UDP 192.0.2.7:5080, UDP 10.0.0.1:5080, all_failed
    SIP/2.0/UDP 10.0.0.1;maddr=192.0.2.7         | | UDP 192.0.2.7:5060, UDP 10.0.0.1:5060, all_failed
    SIP/2.0/UDP 10.0.0.1:5070;maddr=224.2.0.1;ttl=16 | | UDP 224.2.0.1:5070 ttl 16, UDP 10.0.0.1:5070, all_failed
    SIP/2.0/UDP 10.0.0.1:5070;maddr=224.2.0.1    | | UDP 224.2.0.1:5070 ttl 1, UDP 10.0.0.1:5070, all_failed
    SIP/2.0/TCP 10.0.0.1:5080;received=192.0.2.7 | | TCP 192.0.2.7:5080, TCP 10.0.0.1:5080, all_failed
    SIP/2.0/TCP 10.0.0.1;received=192.0.2.7;maddr=192.0.2.8 | | TCP 192.0.2.7:5060, TCP 10.0.0.1:5060, all_failed
    SIP/2.0/tls 10.0.0.1;received=2001:db8::1    | | TLS [2001:db8::1]:5061, TLS 10.0.0.1:5061, all_failed
  )");
}

TEST_CASE("RFC 3581 §4: a response by UDP goes to the port that the request came from") {
  check_responses(R"(
    SIP/2.0/UDP 10.0.0.1;received=192.0.2.7;rport=9988 | | UDP 192.0.2.7:9988, UDP 10.0.0.1:5060, all_failed
    SIP/2.0/UDP 10.0.0.1;rport=9988              | | UDP 10.0.0.1:9988, UDP 10.0.0.1:5060, all_failed
    SIP/2.0/UDP 10.0.0.1:5070;rport              | | UDP 10.0.0.1:5070, all_failed
    SIP/2.0/TCP 10.0.0.1;received=192.0.2.7;rport=9988 | | TCP 192.0.2.7:5060, TCP 10.0.0.1:5060, all_failed
  )");
}

TEST_CASE("RFC 3263 §5: when that fails, sent-by is looked up by the transport of the Via") {
  check_responses(R"(
    SIP/2.0/UDP client.example.com:5080;received=192.0.2.7 | client.example.com A
      | | UDP 192.0.2.7:5080, UDP 192.0.2.1:5080, UDP 192.0.2.2:5080, all_failed
    SIP/2.0/TCP client.example.com:5080  | client.example.com A
      | | TCP 192.0.2.1:5080, TCP 192.0.2.2:5080, all_failed
    SIP/2.0/TCP farm.example.com         | _sip._tcp.farm.example.com SRV, client.example.com A
      | | TCP 192.0.2.1:5070, TCP 192.0.2.2:5070, all_failed
    SIP/2.0/TLS farm.example.com         | _sips._tcp.farm.example.com SRV, client.example.com A
      | | TLS 192.0.2.1:5071, TLS 192.0.2.2:5071, all_failed
    SIP/2.0/UDP farm.example.com         | _sip._udp.farm.example.com SRV, client.example.com A
      | | UDP 192.0.2.1:5072, UDP 192.0.2.2:5072, all_failed
    SIP/2.0/TCP client.example.com       | _sip._tcp.client.example.com SRV, client.example.com A
      | | TCP 192.0.2.1:5060, TCP 192.0.2.2:5060, all_failed
    SIP/2.0/TCP gone.example.com         | _sip._tcp.gone.example.com SRV, gone.example.com A
      | | not_found
    SIP/2.0/SCTP client.example.com      | | unusable
  )");
}

}  // namespace
}  // namespace kith::location
