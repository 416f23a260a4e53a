#include "kith/location/location.h"

#include <doctest/doctest.h>

#include "kith/location/test/play.h"

namespace kith::location {
namespace {

const Config v4_only{.families = {RecordType::a}};
const Config udp_and_tcp{.transports = {Transport::udp, Transport::tcp},
                         .families = {RecordType::a}};

constexpr const char* whole_zone = R"(
  example.com             60 NAPTR 50 50 s SIPS+D2T _sips._tcp.example.com
  example.com             60 NAPTR 90 50 s SIP+D2T  _sip._tcp.example.com
  example.com             60 NAPTR 90 60 s SIP+D2U  _sip._udp.example.com
  _sips._tcp.example.com  60 SRV   0 1 5071 a.example.com
  _sip._tcp.example.com   60 SRV   0 1 5070 a.example.com
  _sip._tcp.example.com   60 SRV   1 1 5072 b.example.com
  _sip._udp.example.com   60 SRV   0 1 5070 a.example.com
  example.com             60 A     192.0.2.9
  a.example.com           60 A     192.0.2.1
  b.example.com           60 A     192.0.2.2
)";

TEST_CASE("RFC 3263 §4.1: a numeric host or a port means UDP, or TLS for sips, and asks no NAPTR") {
  check_located(whole_zone, R"(
    sip:192.0.2.7               |                  | UDP 192.0.2.7:5060, all_failed
    sip:192.0.2.7:5070          |                  | UDP 192.0.2.7:5070, all_failed
    sip:[2001:db8::1]           |                  | UDP [2001:db8::1]:5060, all_failed
    sips:192.0.2.7              |                  | TLS 192.0.2.7:5061, all_failed
    sips:192.0.2.7:5060         |                  | TLS 192.0.2.7:5060, all_failed
    sip:a.example.com:5080      | a.example.com A  | UDP 192.0.2.1:5080, all_failed
    sips:A.Example.COM.:5080    | a.example.com A  | TLS 192.0.2.1:5080, all_failed
    sip:nobody.example.com:5060 | nobody.example.com A | not_found
  )",
                v4_only);
}

TEST_CASE("RFC 3263 §4.1: the transport parameter decides, where we speak it") {
  check_located(whole_zone, R"(
    sip:192.0.2.7;transport=tcp      |                  | TCP 192.0.2.7:5060, all_failed
    sip:192.0.2.7;transport=TLS      |                  | TLS 192.0.2.7:5061, all_failed
    sips:192.0.2.7;transport=tcp     |                  | TLS 192.0.2.7:5061, all_failed
    sip:a.example.com:5080;transport=tcp | a.example.com A | TCP 192.0.2.1:5080, all_failed
    sip:example.com;transport=udp    | _sip._udp.example.com SRV, a.example.com A
                                     |                  | UDP 192.0.2.1:5070, all_failed
    sip:example.com;transport=tls    | _sips._tcp.example.com SRV, a.example.com A
                                     |                  | TLS 192.0.2.1:5071, all_failed
    sips:192.0.2.7;transport=udp     |                  | unusable
    sip:192.0.2.7;transport=sctp     |                  | unusable
    sips:192.0.2.7;transport=sctp    |                  | unusable
    tel:+15551234                    |                  | unusable
  )",
                v4_only);
  check_located(whole_zone, R"(
    sip:192.0.2.7;transport=tls      |                  | unusable
    sips:192.0.2.7                   |                  | unusable
    sips:example.com                 |                  | unusable
  )",
                udp_and_tcp);
  check_located(whole_zone, R"(
    sip:192.0.2.7                    |                  | TCP 192.0.2.7:5060, all_failed
    sip:192.0.2.7;transport=udp      |                  | unusable
  )",
                {.transports = {Transport::tcp, Transport::tls}});
}

TEST_CASE("RFC 3263 §4.1: NAPTR records of the lowest order that we can use say where SRV are") {
  check_located(whole_zone, R"(
    sip:example.com   | example.com NAPTR, _sips._tcp.example.com SRV, a.example.com A
                      |                              | TLS 192.0.2.1:5071, all_failed
    sips:example.com  | example.com NAPTR, _sips._tcp.example.com SRV, a.example.com A
                      |                              | TLS 192.0.2.1:5071, all_failed
  )",
                v4_only);
  check_located(whole_zone, R"(
    sip:example.com   | example.com NAPTR, _sip._tcp.example.com SRV, a.example.com A,
                      | b.example.com A, _sip._udp.example.com SRV
                      | | TCP 192.0.2.1:5070, TCP 192.0.2.2:5072, UDP 192.0.2.1:5070, all_failed
  )",
                udp_and_tcp);
}

TEST_CASE("RFC 3263 §4.1: the replacement may be in another domain; TLS proves that of the URI") {
  Play play(R"(
    example.com             60 NAPTR 1 1 S sips+d2t _sips._tcp.hosting.example
    _sips._tcp.hosting.example 60 SRV 0 0 5061 a.hosting.example
    a.hosting.example       60 A     192.0.2.1
  )",
            v4_only);
  play.start("sips:alice@Example.com");
  REQUIRE(play.found);
  CHECK(play.found->target == Target{.transport = Transport::tls,
                                     .address = Address::v4(192, 0, 2, 1, 5061),
                                     .tls_name = "example.com"});
  play.start("sips:[2001:DB8::1]");
  REQUIRE(play.found);
  CHECK(play.found->target.tls_name == "2001:db8::1");
}

TEST_CASE(
    "RFC 3263 §4.1: records for others are no NAPTR records; a sips URI asks for _sips only") {
  constexpr const char* zone = R"(
    example.com             60 NAPTR 1 1 u E2U+sip    _sip._udp.example.com
    example.com             60 NAPTR 2 1 s SIP+D2S    _sip._sctp.example.com
    example.com             60 NAPTR 3 1 a SIP+D2U    a.example.com
    example.com             60 NAPTR 4 1 s SIP+D2U    .
    only-udp.example.com    60 NAPTR 1 1 s SIP+D2U    _sip._udp.example.com
    _sip._udp.example.com   60 SRV   0 1 5070 a.example.com
    a.example.com           60 A     192.0.2.1
  )";
  check_located(zone, R"(
    sip:example.com  | example.com NAPTR, _sip._udp.example.com SRV, _sip._tcp.example.com SRV,
                     | _sips._tcp.example.com SRV, a.example.com A
                     |               | UDP 192.0.2.1:5070, all_failed
    sips:only-udp.example.com | only-udp.example.com NAPTR, _sips._tcp.only-udp.example.com SRV,
                     | only-udp.example.com A | not_found
  )",
                v4_only);
}

TEST_CASE("RFC 3263 §4.1: without NAPTR, SRV records show the transports; ours is the choice") {
  constexpr const char* zone = R"(
    _sip._udp.example.com   60 SRV   0 1 5060 a.example.com
    _sips._tcp.example.com  60 SRV   0 1 5061 b.example.com
    a.example.com           60 A     192.0.2.1
    b.example.com           60 A     192.0.2.2
  )";
  check_located(zone, R"(
    sip:example.com  | example.com NAPTR, _sips._tcp.example.com SRV, _sip._tcp.example.com SRV,
                     | _sip._udp.example.com SRV, b.example.com A, a.example.com A
                     |               | TLS 192.0.2.2:5061, UDP 192.0.2.1:5060, all_failed
  )",
                {.transports = {Transport::tls, Transport::tcp, Transport::udp},
                 .families = {RecordType::a}});
}

TEST_CASE("RFC 3263 §4.2: where there are no SRV records, the domain itself at the default port") {
  constexpr const char* zone = R"(
    example.com             60 A     192.0.2.9
    half.example.com        60 NAPTR 1 1 s SIP+D2T _sip._tcp.gone.example.com
    half.example.com        60 A     192.0.2.8
  )";
  check_located(zone, R"(
    sip:example.com  | example.com NAPTR, _sip._udp.example.com SRV, _sip._tcp.example.com SRV,
                     | example.com A | UDP 192.0.2.9:5060, all_failed
    sip:example.com;transport=tcp | _sip._tcp.example.com SRV, example.com A
                     |               | TCP 192.0.2.9:5060, all_failed
    sip:half.example.com | half.example.com NAPTR, _sip._tcp.gone.example.com SRV,
                     | half.example.com A | TCP 192.0.2.8:5060, all_failed
    sip:none.example.com;transport=tcp | _sip._tcp.none.example.com SRV, none.example.com A
                     |               | not_found
  )",
                udp_and_tcp);
}

TEST_CASE(
    "RFC 3263 §4.2: A and AAAA are asked for together, and tried in the order of the host's") {
  constexpr const char* zone = R"(
    a.example.com           60 A     192.0.2.1
    a.example.com           60 A     192.0.2.2
    a.example.com           60 AAAA  2001:db8::1
  )";
  check_located(zone, R"(
    sip:a.example.com:5060  | a.example.com AAAA, a.example.com A
                            | | UDP [2001:db8::1]:5060, UDP 192.0.2.1:5060, UDP 192.0.2.2:5060,
                            | | all_failed
  )");
  check_located(zone, R"(
    sip:a.example.com:5060  | a.example.com A, a.example.com AAAA
                            | | UDP 192.0.2.1:5060, UDP 192.0.2.2:5060, UDP [2001:db8::1]:5060,
                            | | all_failed
  )",
                {.families = {RecordType::a, RecordType::aaaa}});
}

TEST_CASE("RFC 2782: a target of \".\" is no server, and the domain's addresses are none either") {
  constexpr const char* zone = R"(
    _sip._udp.example.com   60 SRV   0 0 0 .
    _sip._tcp.example.com   60 SRV   0 0 5060 a.example.com
    _sip._udp.none.example  60 SRV   0 0 0 .
    none.example            60 A     192.0.2.8
    example.com             60 A     192.0.2.9
    a.example.com           60 A     192.0.2.1
  )";
  check_located(zone, R"(
    sip:example.com;transport=udp | _sip._udp.example.com SRV | not_found
    sip:example.com  | example.com NAPTR, _sip._udp.example.com SRV, _sip._tcp.example.com SRV,
                     | a.example.com A | TCP 192.0.2.1:5060, all_failed
    sip:none.example | none.example NAPTR, _sip._udp.none.example SRV, _sip._tcp.none.example SRV
                     |                 | not_found
  )",
                udp_and_tcp);
}

TEST_CASE(
    "RFC 3263 §4: maddr is where to look, ttl goes with a multicast group, never with a stream") {
  constexpr const char* zone = R"(
    proxy.example.net       60 A     192.0.2.5
    group.example.net       60 A     224.0.1.75
  )";
  check_located(zone, R"(
    sip:example.com;maddr=192.0.2.5              |                     | UDP 192.0.2.5:5060, all_failed
    sip:example.com:5070;maddr=proxy.example.net | proxy.example.net A | UDP 192.0.2.5:5070, all_failed
    sip:example.com;maddr=192.0.2.5;ttl=3        |                     | UDP 192.0.2.5:5060, all_failed
    sip:example.com;maddr=224.0.1.75             |                     | UDP 224.0.1.75:5060 ttl 1, all_failed
    sip:example.com;maddr=224.0.1.75;ttl=16      |                     | UDP 224.0.1.75:5060 ttl 16, all_failed
    sip:example.com;maddr=[ff02::1];ttl=2        |                     | UDP [ff02::1]:5060 ttl 2, all_failed
    sip:group.example.net:5060                   | group.example.net A | UDP 224.0.1.75:5060 ttl 1, all_failed
    5000 sip:example.com;maddr=224.0.1.75        |                     | UDP 224.0.1.75:5060 ttl 1, all_failed
    sip:example.com;maddr=224.0.1.75;transport=tcp |                   | not_found
    sips:example.com;maddr=224.0.1.75            |                     | not_found
  )",
                v4_only);
  Play play(zone, v4_only);
  play.start("sips:example.com;maddr=192.0.2.5");
  REQUIRE(play.found);
  CHECK(play.found->target.tls_name == "example.com");
}

TEST_CASE("RFC 3261 §18.1.1: a request over 1300 bytes goes by TCP, and back to UDP if refused") {
  constexpr const char* zone = R"(
    _sip._udp.example.com   60 SRV   0 1 5060 a.example.com
    _sip._tcp.example.com   60 SRV   0 1 5070 a.example.com
    a.example.com           60 A     192.0.2.1
  )";
  check_located(zone, R"(
    1300 sip:192.0.2.7               | | UDP 192.0.2.7:5060, all_failed
    1301 sip:192.0.2.7               | | TCP 192.0.2.7:5060, UDP 192.0.2.7:5060, all_failed
    1301 sip:192.0.2.7;transport=udp | | TCP 192.0.2.7:5060, UDP 192.0.2.7:5060, all_failed
    1301 sips:192.0.2.7              | | TLS 192.0.2.7:5061, all_failed
    1301 sip:example.com | example.com NAPTR, _sip._udp.example.com SRV, _sip._tcp.example.com SRV,
                         | _sips._tcp.example.com SRV, a.example.com A
                         | | TCP 192.0.2.1:5070, TCP 192.0.2.1:5060, UDP 192.0.2.1:5060, all_failed
  )",
                v4_only, Failure::refused);
  for (const Failure failure : {Failure::transport, Failure::timed_out, Failure::unavailable})
    check_located(zone, "1301 sip:192.0.2.7 | | TCP 192.0.2.7:5060, all_failed", v4_only, failure);
  check_located(zone, "1301 sip:192.0.2.7 | | UDP 192.0.2.7:5060, all_failed",
                {.transports = {Transport::udp}});
  check_located(zone, "1301 sip:192.0.2.7 | | UDP 192.0.2.7:5060, all_failed",
                {.datagram_request_size_bytes_max = 8800});
}

TEST_CASE("RFC 3261 §18.1.1: long requests prefer what NAPTR offers over a stream") {
  check_located(R"(
    example.com             60 NAPTR 1 1 s SIP+D2U _sip._udp.example.com
    example.com             60 NAPTR 1 2 s SIP+D2T _sip._tcp.example.com
    _sip._udp.example.com   60 SRV   0 1 5060 a.example.com
    _sip._tcp.example.com   60 SRV   0 1 5070 a.example.com
    a.example.com           60 A     192.0.2.1
  )",
                R"(
    1301 sip:example.com | example.com NAPTR, _sip._tcp.example.com SRV, a.example.com A,
                         | _sip._udp.example.com SRV
                         | | TCP 192.0.2.1:5070, TCP 192.0.2.1:5060, UDP 192.0.2.1:5060, all_failed
  )",
                v4_only, Failure::refused);
}

TEST_CASE("RFC 3261 §18.1.1: who refused TCP lately gets the next long request by UDP at once") {
  Play play("", v4_only);
  play.start("sip:192.0.2.7", 1301);
  play.fail(Failure::refused);
  play.location.succeeded(play.found->search);
  play.start("sip:192.0.2.7", 1301);
  CHECK(play.tried == "UDP 192.0.2.7:5060");
  play.start("sip:192.0.2.7;transport=tcp");
  CHECK(play.tried == "TCP 192.0.2.7:5060");
}

TEST_CASE("RFC 3263 §4.3: the DNS failing is no failure of the servers that are known otherwise") {
  constexpr const char* zone = R"(
    example.com             0  A     SERVFAIL
    _sip._udp.example.com   0  A     TIMEOUT
    _sip._tcp.example.com   60 SRV   0 0 5060 a.example.com
    a.example.com           60 AAAA  2001:db8::1
    a.example.com           0  A     TIMEOUT
    down.example.com        0  A     TIMEOUT
    down.example.com        0  AAAA  SERVFAIL
    _sip._udp.odd.example   0  A     SERVFAIL
    odd.example             60 A     192.0.2.4
  )";
  check_located(zone, R"(
    sip:example.com  | example.com NAPTR, _sip._udp.example.com SRV, _sip._tcp.example.com SRV,
                     | _sips._tcp.example.com SRV, a.example.com AAAA, a.example.com A
                     |  | TCP [2001:db8::1]:5060, all_failed
    sip:down.example.com:5060 | down.example.com AAAA, down.example.com A | dns_failed
    sip:odd.example;transport=udp | _sip._udp.odd.example SRV, odd.example AAAA, odd.example A
                     |  | UDP 192.0.2.4:5060, all_failed
  )");
}

TEST_CASE("RFC 3263 §4.4: equal numbers choose equally, whatever was chosen between") {
  constexpr const char* zone = R"(
    _sip._udp.example.com   60 SRV   0 1 5060 192.0.2.1
    _sip._udp.example.com   60 SRV   0 1 5060 192.0.2.2
    _sip._udp.example.com   60 SRV   0 1 5060 192.0.2.3
  )";
  Play play(zone, udp_and_tcp);
  const auto first = [&](std::optional<std::uint64_t> choice) {
    play.found.reset();
    const sip::Uri uri = sip::Uri::parse("sip:example.com;transport=udp").value();
    play.location.start(Request{.uri = uri, .choice = choice}, play.now);
    play.drain();
    play.location.end(play.found->search);
    return play.found->target.address.host();
  };
  std::set<std::string> by_chance;
  for (std::uint64_t i = 0; i < 30; ++i) {
    by_chance.insert(first({}));
    CHECK(first(i) == first(i));
  }
  CHECK(by_chance.size() == 3);
}

}  // namespace
}  // namespace kith::location
