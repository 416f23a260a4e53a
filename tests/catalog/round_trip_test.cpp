// Every header that the catalog lists, turned round: what parses must write back to itself.

#include <doctest/doctest.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "catalog/headers.h"
#include "kith/base/random.h"
#include "kith/sip/any_header.h"
#include "kith/sip/headers.h"
#include "tests/catalog/mutate.h"

using namespace kith;
using grammar::mutated;

namespace {

constexpr std::array<std::string_view, 20> seeds{
    "\"Bob\" <sip:bob@example.com;transport=tcp?x=y>;tag=1;epid=2",
    "<sip:a@[2001:db8::1]:5060;lr>",
    "SIP/2.0/TCP a.example:5060;branch=z9hG4bK1;rport",
    "Kerberos realm=\"a\", version=3",
    "qop=auth, rspauth=\"00\"",
    "4 INVITE",
    "70",
    "application/sdp;charset=UTF-8",
    "UAC;hop-hop=yes;timeout=300",
    "register-action=\"added\"",
    "Sat, 13 Nov 2010 23:29:00 GMT",
    "399 a.example:5060 \"no \\\"way\\\"\"",
    "120 (in a meeting);duration=60",
    "presence.winfo;id=7",
    "<http://a.example/photo.jpg?x=y,z>;purpose=icon",
    "en-gb;q=0.8",
    "gzip;q=1.000",
    "session;handling=optional",
    "1.0",
    "54.210 0.007",
};

using Value = std::unique_ptr<const sip::AnyHeader>;

Value read(const sip::HeaderType& type, std::string_view text, Mode mode) {
  Scanner in(text, mode, type.name.full);
  Value header = type.parse(in);
  return in.at_end() ? std::move(header) : nullptr;
}

void turn_round(const sip::HeaderType& type, const std::string& text) {
  CAPTURE(type.name.full);
  CAPTURE(text);
  for (const Mode mode : {Mode::strict, Mode::lenient}) {
    const Value header = read(type, text, mode);
    if (!header) continue;
    const std::string once = written(*header);
    CAPTURE(once);
    const Value again = read(type, once, mode);
    if (!again || !again->equals(*header)) FAIL_CHECK("does not read back to the same value");
    if (again && written(*again) != once) FAIL_CHECK("is written differently");
  }
}

template <class H, class... All>
constexpr bool holds(sip::TypeList<All...>) {
  return (std::same_as<H, All> || ...);
}
template <class... H>
constexpr bool all_listed(catalog::TypeList<H...>) {
  return (holds<H>(sip::AllHeaders{}) && ...);
}
static_assert(all_listed(catalog::Headers{}), "a header is missing in kith/sip/headers.h");

}  // namespace

TEST_CASE("what was not the same once, when it was read again") {
  turn_round(*sip::header_type("Presence-State"), "register-action=\"a\\\"b\"");
  turn_round(*sip::header_type("Date"), "Tue, 31 Dec 2261 23:59:60 GMT");
}

TEST_CASE("what any header reads, it writes, and reads as the same value") {
  SeededRandom random(7);
  for (const std::string_view seed : seeds) {
    for (int i = 0; i < 400; ++i) {
      const std::string text = mutated(std::string{seed}, random);
      for (const sip::HeaderType& type : sip::header_types()) turn_round(type, text);
    }
  }
}
