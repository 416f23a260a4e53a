#include "kith/sip/shape/param_rules.h"

#include <doctest/doctest.h>

#include <array>

#include "kith/sip/headers.h"
#include "kith/sip/message.h"

using namespace kith;
using namespace kith::sip;

namespace {

constexpr std::string_view rule = "parameter whose value is not of its kind";

struct Case {
  std::string_view line;
  std::size_t offset;  // of the value, in the line
};

const std::array cases{
    Case{"Contact: <sip:a@b>;x=1;q=2 , <sip:c@d>", 25},
    Case{"Contact: <sip:a@b;ttl=256;x>;q=1", 22},
    Case{"Contact: \"A\" <sip:a@b>;expires", 30},
    Case{"Via: SIP/2.0/UDP a;ttl = 256 ;branch=z9hG4bK1", 25},
    Case{"Via: SIP/2.0/UDP a;rport=\"1\";branch=z9hG4bK1", 25},
    Case{"From: <sip:a@b>;tag=[1];x", 20},
    Case{"Authorization: Digest realm=\"a\", nc=1, qop=auth", 36},
    Case{"Subscription-State: active;expires=soon;reason=x", 35},
};

/// The same line read as what it is.
std::optional<Error> read(const Message& message, Diagnostics& diagnostics) {
  const auto fault = [](const auto& result) {
    return result ? std::optional<Error>{} : std::optional{result.error()};
  };
  const std::string_view name = message.field(0).name;
  if (name == "Contact") return fault(message.all<Contact>(diagnostics));
  if (name == "Via") return fault(message.all<Via>(diagnostics));
  if (name == "From") return fault(message.get<From>(diagnostics));
  if (name == "Authorization") return fault(message.all<Authorization>(diagnostics));
  return fault(message.get<SubscriptionState>(diagnostics));
}

}  // namespace

TEST_CASE(
    "RFC 3261 §25.1: a parameter that is not of its kind is refused, or noted, at its value") {
  constexpr std::string_view start = "OPTIONS sip:b SIP/2.0\r\n";
  for (const Case& each : cases) {
    CAPTURE(each.line);
    const std::string text = std::string{start}.append(each.line).append("\r\n\r\n");
    const auto strict = Message::parse(text, Mode::strict);
    REQUIRE(strict);
    Diagnostics none;
    const std::optional<Error> error = read(*strict, none);
    REQUIRE(error);
    CHECK(error->fault == Fault::malformed);
    CHECK(none.empty());
    CHECK(error->offset == start.size() + each.offset);
    const auto lenient = Message::parse(text, Mode::lenient);
    REQUIRE(lenient);
    Diagnostics diagnostics;
    CHECK_FALSE(read(*lenient, diagnostics));
    REQUIRE(diagnostics.contains(rule));
    for (const Leniency& leniency : diagnostics)
      if (leniency.rule == rule) CHECK(leniency.offset == start.size() + each.offset);
  }
}
