#include "kith/event/subscription.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>

#include "kith/event/package/roaming_contacts.h"

using namespace kith;
using namespace kith::event;

namespace {

constexpr Time start{Duration{1000s}};
const Content list{roaming_contacts.content_type, "<contactList deltaNum=\"12\"/>"};

sip::Message subscribe(std::string_view extensions) {
  std::string bytes =
      "SUBSCRIBE sip:walt@lab.example SIP/2.0\r\n"
      "Via: SIP/2.0/TCP 192.0.2.21:14010\r\n"
      "From: <sip:walt@lab.example>;tag=51f0aa;epid=7f3a91c204\r\n"
      "To: <sip:walt@lab.example>\r\n"
      "Call-ID: c0ffee\r\n"
      "CSeq: 1 SUBSCRIBE\r\n"
      "Contact: <sip:walt@lab.example:14010>\r\n"
      "Event: vnd-microsoft-roaming-contacts\r\n";
  bytes.append(extensions).append("Content-Length: 0\r\n\r\n");
  Result<sip::Message> parsed = sip::Message::parse(bytes);
  REQUIRE(parsed);
  return *std::move(parsed);
}

constexpr std::string_view all_extensions =
    "Supported: com.microsoft.autoextend\r\n"
    "Supported: ms-benotify\r\n"
    "Proxy-Require: ms-benotify\r\n"
    "Supported: ms-piggyback-first-notify\r\n";

Subscription subscription(const sip::Message& request, Duration granted = 600s) {
  Result<dialog::Dialog> dialog = dialog::Dialog::from_request(request, "3E90D7A4");
  REQUIRE(dialog);
  return {*std::move(dialog), roaming_contacts, {}, offered(request), granted, start};
}

}  // namespace

TEST_CASE("SIP-PIGY-02, SIP-PIGY-03, SIP-PIGY-07: the 200 carries the first notification") {
  const sip::Message request = subscribe(all_extensions);
  Subscription each = subscription(request);
  CHECK(each.piggybacks());
  const sip::Message ok = each.accepted(request, list, start);
  CHECK(ok.status() == 200);
  CHECK(ok.body() == list.body);
  CHECK(ok.text("Content-Type") == list.type);
  CHECK(ok.text("ms-piggyback-cseq") == "1");
  CHECK(ok.text("Expires") == "600");
  CHECK(ok.text("subscription-state") == "active;expires=600");
  CHECK(ok.text("Event") == "vnd-microsoft-roaming-contacts");
  CHECK(confirmed(ok) == Extensions{true, true, true});
}

TEST_CASE("SIP-PIGY-08: without the tag the 200 is empty, for a NOTIFY follows") {
  const sip::Message request = subscribe("");
  Subscription each = subscription(request);
  CHECK_FALSE(each.piggybacks());
  const sip::Message ok = each.accepted(request, list, start);
  CHECK(ok.body().empty());
  CHECK_FALSE(ok.has("ms-piggyback-cseq"));
  CHECK(confirmed(ok) == Extensions{});
  CHECK(each.notification(list, start).text("CSeq") == "1 NOTIFY");
}

TEST_CASE("SIP-BEN-03, SIP-BEN-09: BENOTIFY continues the numbers of the piggybacked one") {
  const sip::Message request = subscribe(all_extensions);
  Subscription each = subscription(request);
  CHECK(confirmed(each.accepted(request, list, start)).benotify);
  const sip::Message second = each.notification(list, start + 1s);
  CHECK(second.method() == "BENOTIFY");
  CHECK(second.text("CSeq") == "2 BENOTIFY");
  CHECK(second.text("Event") == "vnd-microsoft-roaming-contacts");
  CHECK(second.text("To") == "<sip:walt@lab.example>;tag=51f0aa;epid=7f3a91c204");
}

TEST_CASE("SIP-BEN-04: who does not offer BENOTIFY, as over UDP, gets NOTIFY") {
  const sip::Message request = subscribe("Supported: ms-piggyback-first-notify\r\n");
  Subscription each = subscription(request);
  CHECK_FALSE(confirmed(each.accepted(request, list, start)).benotify);
  CHECK(each.notification(list, start + 1s).method() == "NOTIFY");
}

TEST_CASE("SIP-TRAN-03: what Supported offers is confirmed with Supported, tag by tag") {
  const std::pair<std::string_view, Extensions> offers[]{
      {"", {}},
      {"Supported: ms-piggyback-first-notify\r\n", {.piggyback = true}},
      {"Supported: com.microsoft.autoextend\r\n", {.autoextend = true}},
      {"Supported: ms-benotify\r\nProxy-Require: ms-benotify\r\n", {.benotify = true}},
      {"Supported: ms-unheard-of, com.microsoft.autoextend\r\n", {.autoextend = true}},
  };
  for (const auto& [headers, wanted] : offers) {
    CAPTURE(headers);
    const sip::Message request = subscribe(headers);
    Subscription each = subscription(request);
    const sip::Message ok = each.accepted(request, list, start);
    CHECK(confirmed(ok) == wanted);
    CHECK_FALSE(ok.write().contains("ms-unheard-of"));
  }
}

TEST_CASE("SIP-BEN-01: an offer of BENOTIFY without Proxy-Require is none") {
  CHECK_FALSE(offered(subscribe("Supported: ms-benotify\r\n")).benotify);
  CHECK(offered(subscribe("Supported: ms-benotify\r\nProxy-Require: ms-benotify\r\n")).benotify);
}

TEST_CASE("SIP-AEXT-05: with auto-extension every notification restarts the expiry") {
  const sip::Message request = subscribe(all_extensions);
  Subscription each = subscription(request);
  each.accepted(request, list, start);
  CHECK(each.expires() == start + 600s);
  CHECK(each.notification(list, start + 500s).text("subscription-state") == "active;expires=600");
  CHECK(each.expires() == start + 1100s);
}

TEST_CASE("RFC 6665 §4.1.3: without it a notification tells what is left") {
  const sip::Message request = subscribe("");
  Subscription each = subscription(request);
  each.accepted(request, list, start);
  CHECK(each.notification(list, start + 500s).text("subscription-state") == "active;expires=100");
  CHECK(each.expires() == start + 600s);
  CHECK(each.farewell("timeout").text("subscription-state") == "terminated;reason=timeout");
}

TEST_CASE(
    "SIP-AEXT-02, SIP-AEXT-06: a refresh inside the dialog is accepted and restarts the time") {
  const sip::Message request = subscribe(all_extensions);
  Subscription each = subscription(request);
  each.accepted(request, list, start);
  each.refresh(900s, start + 300s);
  const sip::Message ok = each.accepted(request, list, start + 300s);
  CHECK(ok.text("Expires") == "900");
  CHECK(confirmed(ok).autoextend);
  CHECK(ok.text("ms-piggyback-cseq") == "2");
  CHECK(each.expires() == start + 1200s);
}

TEST_CASE("SIP-PIGY-02: who asks once gets the answer in the 200, and no subscription") {
  const sip::Message once = ended(subscribe(all_extensions), "abc", list);
  CHECK(once.text("subscription-state") == "terminated;expires=0");
  CHECK(once.text("Expires") == "0");
  CHECK(once.body() == list.body);
  CHECK(ended(subscribe(""), "abc", list).body().empty());
}

TEST_CASE("RFC 3261 §12.1.1: the 200 repeats Record-Route, in its order") {
  const sip::Message request =
      subscribe("Record-Route: <sip:p1.example;lr>\r\nRecord-Route: <sip:p2.example;lr>\r\n");
  const sip::Message ok = subscription(request).accepted(request, list, start);
  CHECK(ok.write().contains(
      "Record-Route: <sip:p1.example;lr>\r\nRecord-Route: <sip:p2.example;lr>\r\n"));
}

TEST_CASE("a notification between expiry and its timer says that no time is left") {
  const sip::Message request = subscribe({});
  Subscription each = subscription(request);
  CHECK(each.notification(list, start + 601s).text("subscription-state") == "active;expires=0");
}
