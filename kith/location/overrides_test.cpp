#include "kith/location/overrides.h"

#include <doctest/doctest.h>

#include <string>

#include "kith/location/test/play.h"

namespace kith::location {
namespace {

TEST_CASE("overrides: names have addresses, services have hosts; nobody is asked about them") {
  Config config{.families = {RecordType::aaaa, RecordType::a}};
  config.overrides = Overrides::parse(R"(# the lab
192.0.2.1     proxy.example.com Proxy   # two names
2001:db8::1   proxy.example.com
_sip._tcp.Example.com   proxy.example.com.  5070
_sip._tcp.example.com   192.0.2.3           5071
)")
                         .value();
  check_located("example.com 60 A 192.0.2.9\nproxy 60 SRV 0 0 1 no.example", R"(
    sip:proxy       |  | UDP 192.0.2.1:5060, all_failed
    sip:PROXY.example.com:5080  |  | UDP [2001:db8::1]:5080, UDP 192.0.2.1:5080, all_failed
    sip:example.com |  | TCP [2001:db8::1]:5070, TCP 192.0.2.1:5070, TCP 192.0.2.3:5071, all_failed
    sip:example.com;transport=udp |  | not_found
    sip:other.example.com:5060 | other.example.com AAAA, other.example.com A | not_found
  )",
                config);
}

TEST_CASE("overrides: an empty file and comments override nothing") {
  for (const std::string_view text : {"", "\n\n", "# only this", "  \t# and this\r\n"})
    CHECK(Overrides::parse(text) == Overrides{});
  CHECK_FALSE(Overrides{}.find({"example.com", RecordType::a}));
}

TEST_CASE("overrides: a line that is neither is refused, with where it begins") {
  const std::string good = "192.0.2.1 a.example\n";
  for (const std::string bad :
       {"192.0.2.1", "192.0.2.256 a.example", "a.example 192.0.2.1", "192.0.2.1 192.0.2.2",
        "192.0.2.1 a..example", "192.0.2.1 .a.example", "192.0.2.1 a.example .", "192.0.2.1 a/b",
        "192.0.2.1 a.example b!", "_sip._udp.example.com", "_sip._udp.example.com a.example",
        "_sip._udp.example.com a.example 0", "_sip._udp.example.com a.example 65536",
        "_sip._udp.example.com a.example -1", "_sip._udp.example.com a.example 5060 x",
        "_sip._udp.example.com a..b 5060", "_sip a.b 5060", "sip.udp.example.com a.example 5060",
        "nonsense"}) {
    CAPTURE(bad);
    const auto refused = Overrides::parse(good + bad + "\n" + good);
    REQUIRE_FALSE(refused);
    CHECK(refused.error() == Error{Fault::malformed, "overrides", good.size()});
  }
  const std::string label(63, 'l');
  CHECK(Overrides::parse("192.0.2.1 " + label));
  CHECK_FALSE(Overrides::parse("192.0.2.1 " + label + "l"));
  const std::string name = label + '.' + label + '.' + label + '.' + label.substr(2);
  REQUIRE(name.size() == name_size_bytes_max);
  CHECK(Overrides::parse("192.0.2.1 " + name));
  CHECK_FALSE(Overrides::parse("192.0.2.1 " + name + 'l'));
}

TEST_CASE("overrides: overrides_max entries, and overrides_size_bytes_max bytes") {
  std::string text;
  for (std::size_t i = 0; i < overrides_max; ++i) text += "::1 n" + std::to_string(i) + '\n';
  CHECK(Overrides::parse(text));
  CHECK(Overrides::parse(text + "::1 one-more").error().fault == Fault::too_many);
  CHECK(Overrides::parse(std::string(overrides_size_bytes_max, '\n')));
  CHECK(Overrides::parse(std::string(overrides_size_bytes_max + 1, '\n')).error().fault ==
        Fault::too_long);
  // So many lines of one service fit that their order does.
  text.clear();
  for (std::size_t i = 0; i < overrides_max; ++i) text += "_s._u.x a 1\n";
  CHECK(Overrides::parse(text));
  CHECK(Overrides::parse(text + "_s._u.x a 1\n").error().fault == Fault::too_many);
}

}  // namespace
}  // namespace kith::location
