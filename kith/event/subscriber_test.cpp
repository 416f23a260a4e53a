#include "kith/event/subscriber.h"

#include <doctest/doctest.h>

#include <string>

#include "kith/event/package/roaming_contacts.h"
#include "kith/sip/header/proxy_require.h"
#include "kith/sip/header/supported.h"

using namespace kith;
using namespace kith::event;

namespace {

constexpr Time start{Duration{1000s}};
constexpr std::string_view all =
    "Supported: com.microsoft.autoextend, ms-piggyback-first-notify, ms-benotify\r\n";

Subscriber subscriber() {
  return Subscriber({.package = roaming_contacts,
                     .resource = "sip:alice@example.com",
                     .from = "<sip:alice@example.com>;tag=51f0;epid=01010101",
                     .call_id = "c0ffee"});
}

sip::Message answer(const sip::Message& request, int status, std::string_view headers = {},
                    std::string_view body = {}) {
  sip::Message response = sip::Message::response(request, status);
  response.set_to_tag("3E90");
  response.add("Contact", "<sip:192.0.2.5:5060;maddr=192.0.2.5;transport=tcp>");
  response.set_body(body.empty() ? "" : roaming_contacts.content_type, body);
  std::string text = response.write();
  text.insert(text.find("Content-Length"), headers);
  return sip::Message::parse(text).value();
}

sip::Message notify(const sip::Message& subscribe, std::string_view method, int sequence,
                    std::string_view state = "active;expires=600", std::string_view body = "<x/>",
                    std::string_view event = roaming_contacts.name) {
  std::string text{method};
  text += " sip:192.0.2.21 SIP/2.0\r\nVia: SIP/2.0/TCP 192.0.2.5;branch=z9hG4bK1\r\n";
  text += "From: <sip:alice@example.com>;tag=3E90\r\n";
  text += "To: <sip:alice@example.com>;tag=51f0;epid=01010101\r\n";
  text.append("Call-ID: ").append(subscribe.text("Call-ID")).append("\r\n");
  text.append("CSeq: ").append(std::to_string(sequence)).append(" ").append(method);
  text.append("\r\nEvent: ").append(event).append("\r\nsubscription-state: ").append(state);
  text.append("\r\nContent-Length: ").append(std::to_string(body.size())).append("\r\n\r\n");
  return sip::Message::parse(text.append(body)).value();
}

/// Subscribed with everything confirmed, for ten minutes.
struct Subscribed {
  Subscriber half = subscriber();
  sip::Message request = half.subscribe();

  explicit Subscribed(std::string headers = "Expires: 600\r\nms-piggyback-cseq: 1\r\n" +
                                            std::string(all)) {
    REQUIRE(half.answered(request, answer(request, 200, headers, "<list/>"), start).kind ==
            Answered::Kind::active);
  }
};

}  // namespace

TEST_CASE("SIP-PIGY-01, SIP-BEN-01, SIP-AEXT-01: a SUBSCRIBE offers the three extensions") {
  const sip::Message request = subscriber().subscribe();
  CHECK(request.request_uri() == "sip:alice@example.com");
  CHECK(request.text("To") == "<sip:alice@example.com>");
  CHECK(request.text("CSeq") == "1 SUBSCRIBE");
  CHECK(sip::lists<sip::Supported>(request, piggyback_tag));
  CHECK(sip::lists<sip::Supported>(request, benotify_tag));
  CHECK(sip::lists<sip::ProxyRequire>(request, benotify_tag));
  CHECK(sip::lists<sip::Supported>(request, autoextend_tag));
  CHECK_FALSE(request.has("Expires"));
}

TEST_CASE(
    "SIP-TRAN-03, SIP-PIGY-04, SIP-PIGY-05: a body in the 200 counts only where the tag is "
    "confirmed") {
  for (const bool tag : {true, false}) {
    CAPTURE(tag);
    Subscriber half = subscriber();
    const sip::Message request = half.subscribe();
    const sip::Message ok = answer(request, 200, tag ? all : std::string_view{}, "<list/>");
    const Answered answered = half.answered(request, ok, start);
    CHECK(answered.kind == Answered::Kind::active);
    CHECK(answered.content.has_value() == tag);
    CHECK(half.extensions() == (tag ? Extensions{true, true, true} : Extensions{}));
  }
}

TEST_CASE("SIP-PIGY-05: content that a notification overtook is not used") {
  Subscriber half = subscriber();
  const sip::Message request = half.subscribe();
  const sip::Message early = notify(request, "NOTIFY", 2);
  REQUIRE(half.matches(early));
  CHECK(half.notified(early, start).content);
  const sip::Message late =
      answer(request, 200, "ms-piggyback-cseq: 1\r\n" + std::string(all), "<old/>");
  CHECK_FALSE(half.answered(request, late, start).content);
}

TEST_CASE("SIP-BEN-02: refused with 420, it subscribes again without ms-benotify") {
  Subscriber half = subscriber();
  const sip::Message first = half.subscribe();
  CHECK(half.answered(first, answer(first, 420), start).kind == Answered::Kind::again);
  const sip::Message second = half.subscribe();
  CHECK(second.text("CSeq") == "2 SUBSCRIBE");
  CHECK_FALSE(second.has("Proxy-Require"));
  CHECK_FALSE(sip::lists<sip::Supported>(second, benotify_tag));
  CHECK(sip::lists<sip::Supported>(second, piggyback_tag));
  CHECK(half.answered(second, answer(second, 420), start).kind == Answered::Kind::refused);
}

TEST_CASE("SIP-BEN-05, SIP-BEN-06, SIP-BEN-08: BENOTIFY counts as NOTIFY and gets no answer") {
  Subscribed one;
  const sip::Message benotify = notify(one.request, "BENOTIFY", 2, "active", "<two/>");
  REQUIRE(one.half.matches(benotify));
  const Notified first = one.half.notified(benotify, start);
  CHECK(first.status == 0);
  CHECK(first.content == "<two/>");
  const sip::Message plain = notify(one.request, "NOTIFY", 3, "active", "<three/>");
  const Notified second = one.half.notified(plain, start);
  CHECK(second.status == 200);
  CHECK(second.content == "<three/>");
}

TEST_CASE("RFC 3261 §12.2.2: a notification out of order is refused and not used") {
  Subscribed one;
  one.half.notified(notify(one.request, "NOTIFY", 5), start);
  const sip::Message old = notify(one.request, "NOTIFY", 4);
  CHECK(one.half.notified(old, start).status == 500);
  CHECK_FALSE(one.half.notified(old, start).content);
  CHECK(one.half.notified(notify(one.request, "BENOTIFY", 4), start).status == 0);
  CHECK(
      one.half.notified(notify(one.request, "NOTIFY", 6, "active", "", "presence"), start).status ==
      489);
}

TEST_CASE("SIP-AEXT-03, SIP-AEXT-04: a notification restarts the expiry only where confirmed") {
  Subscribed one;
  CHECK(one.half.expires() == start + 600s);
  one.half.notified(notify(one.request, "BENOTIFY", 2, "active;expires=10"), start + 400s);
  CHECK(one.half.expires() == start + 1000s);

  Subscribed plain("Expires: 600\r\n");
  plain.half.notified(notify(plain.request, "NOTIFY", 2, "active"), start + 400s);
  CHECK(plain.half.expires() == start + 600s);
  plain.half.notified(notify(plain.request, "NOTIFY", 3, "active;expires=10"), start + 400s);
  CHECK(plain.half.expires() == start + 410s);
}

TEST_CASE("SIP-AEXT-06: it is refreshed inside its dialog before it expires") {
  Subscribed one;
  CHECK(one.half.refresh_at() == start + 480s);
  const sip::Message refresh = one.half.subscribe();
  CHECK(refresh.text("To") == "<sip:alice@example.com>;tag=3E90");
  CHECK(refresh.text("Call-ID") == "c0ffee");
  CHECK(refresh.text("CSeq") == "2 SUBSCRIBE");
  CHECK(one.half.answered(refresh, answer(refresh, 200, "Expires: 60\r\n"), start + 480s).kind ==
        Answered::Kind::active);
  CHECK(one.half.refresh_at() == start + 510s);
}

TEST_CASE("SIP-TRAN-09: requests of the dialog go to the Contact with its maddr") {
  Subscribed one;
  CHECK(one.half.subscribe().request_uri() == "sip:192.0.2.5:5060;maddr=192.0.2.5;transport=tcp");
}

TEST_CASE("RFC 6665 §4.1.2.2: after 481 or terminated it subscribes anew") {
  Subscribed one;
  const sip::Message refresh = one.half.subscribe();
  CHECK(one.half.answered(refresh, answer(refresh, 481), start).kind == Answered::Kind::again);
  const sip::Message anew = one.half.subscribe();
  CHECK(anew.text("To") == "<sip:alice@example.com>");
  CHECK(anew.text("Call-ID") != "c0ffee");

  Subscribed two;
  const sip::Message last = notify(two.request, "NOTIFY", 2, "terminated;reason=timeout", "");
  const Notified notified = two.half.notified(last, start);
  CHECK(notified.status == 200);
  CHECK(notified.terminated);
  CHECK_FALSE(two.half.active());
  CHECK(two.half.refresh_at() == never);
}

TEST_CASE("RFC 6665 §4.1.2.2: a refresh that fails otherwise leaves the subscription") {
  Subscribed one;
  const sip::Message refresh = one.half.subscribe();
  CHECK(one.half.answered(refresh, answer(refresh, 503), start).kind == Answered::Kind::active);
  CHECK(one.half.active());
  CHECK(one.half.refresh_at() == start + 480s);
  const sip::Message again = one.half.subscribe();
  one.half.answered(again, answer(again, 503), start + 480s);
  CHECK(one.half.refresh_at() == start + 510s);
  const sip::Message late = one.half.subscribe();
  CHECK(one.half.answered(late, answer(late, 503), start + 700s).kind == Answered::Kind::refused);
}

TEST_CASE("RFC 6665 §4.1.2.3: Expires: 0 ends it") {
  Subscribed one;
  const sip::Message request = one.half.unsubscribe();
  CHECK(request.text("Expires") == "0");
  CHECK(one.half.answered(request, answer(request, 200), start).kind == Answered::Kind::ended);
  CHECK_FALSE(one.half.active());
}

TEST_CASE("A notification of somebody else's dialog does not match") {
  Subscribed one;
  Subscriber other = subscriber();
  CHECK_FALSE(other.matches(notify(one.request, "NOTIFY", 1)));  // never subscribed
  other.forget();
  other.subscribe();
  CHECK_FALSE(other.matches(notify(one.request, "NOTIFY", 1)));  // an earlier Call-ID
}
