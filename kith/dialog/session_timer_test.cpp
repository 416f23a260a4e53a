#include "kith/dialog/session_timer.h"

#include <doctest/doctest.h>

#include <string>

namespace kith::dialog {
namespace {

constexpr Time start = Time{} + 1'763'689'728s;

sip::Message invite(std::string_view headers) {
  std::string text =
      "INVITE sip:b@example.com SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\n"
      "From: <sip:a@example.com>;tag=1\r\nTo: <sip:b@example.com>\r\nCall-ID: c\r\n"
      "CSeq: 1 INVITE\r\n";
  return *sip::Message::parse(text.append(headers).append("Content-Length: 0\r\n\r\n"));
}

TEST_CASE("RFC 4028 §7.1: an INVITE asks for the interval that is wanted, once") {
  sip::Message request = invite("");
  ask_for_timer(request, {.interval = 600s, .least = 120s});
  ask_for_timer(request, {.interval = 700s, .least = 120s});
  CHECK(request.text("Supported") == "timer");
  CHECK(request.text("Session-Expires") == "600");
  CHECK(request.text("Min-SE") == "120");
  sip::Message other = invite("Supported: timer, 100rel\r\n");
  ask_for_timer(other, {});
  CHECK(other.text("Supported") == "timer, 100rel");
  CHECK_FALSE(other.has("Min-SE"));
}

TEST_CASE("RFC 4028 §9: an interval that is too short is refused to who knows timers") {
  struct Case {
    std::string_view headers;
    std::optional<std::chrono::seconds> answer;
  };
  for (const Case& each : {Case{"Supported: timer\r\nSession-Expires: 119\r\n", 120s},
                           Case{"Supported: timer\r\nSession-Expires: 120\r\n", std::nullopt},
                           Case{"Session-Expires: 10\r\n", std::nullopt},
                           Case{"Supported: timer\r\n", std::nullopt}}) {
    CAPTURE(each.headers);
    CHECK(too_short(invite(each.headers), {.least = 120s}) == each.answer);
  }
}

TEST_CASE("RFC 4028 §9: what is granted, and who refreshes") {
  struct Case {
    std::string_view headers;
    std::string_view expires;
    std::string_view require;
  };
  for (const Case& each : {
           Case{"Supported: timer\r\nSession-Expires: 1000\r\n", "1000;refresher=uac", "timer"},
           Case{"Supported: timer\r\nSession-Expires: 9000\r\n", "1800;refresher=uac", "timer"},
           Case{"Supported: timer\r\nSession-Expires: 9000\r\nMin-SE: 2000\r\n",
                "2000;refresher=uac", "timer"},
           Case{"Supported: timer\r\nSession-Expires: 1000;refresher=uas\r\n", "1000;refresher=uas",
                ""},
           Case{"Supported: timer\r\n", "1800;refresher=uac", "timer"},
           Case{"", "1800;refresher=uas", ""},
           Case{"Session-Expires: 30\r\n", "90;refresher=uas", ""},
       }) {
    CAPTURE(each.headers);
    const sip::Message request = invite(each.headers);
    sip::Message response = sip::Message::response(request, 200);
    grant_timer(response, request, {});
    CHECK(response.text("Session-Expires") == each.expires);
    CHECK(response.text("Require") == each.require);
  }
}

TEST_CASE(
    "RFC 4028 §10: who refreshes does so at half the interval, and who waits hangs up early") {
  struct Case {
    std::string_view expires;
    Side request;
    Time refresh;
    Time over;
  };
  for (const Case& each : {
           Case{"1800;refresher=uac", Side::ours, start + 900s, start + 1800s},
           Case{"1800;refresher=uas", Side::ours, never, start + 1768s},
           Case{"1800;refresher=uac", Side::theirs, never, start + 1768s},
           Case{"1800;refresher=uas", Side::theirs, start + 900s, start + 1800s},
           Case{"90;refresher=uas", Side::ours, never, start + 60s},
           Case{"", Side::ours, never, never},
       }) {
    CAPTURE(each.expires);
    sip::Message response = sip::Message::response(invite(""), 200);
    if (!each.expires.empty()) response.add("Session-Expires", each.expires);
    SessionTimer timer;
    timer.agreed(response, each.request, start);
    CHECK(timer.refresh_at() == each.refresh);
    CHECK(timer.over_at() == each.over);
  }
}

}  // namespace
}  // namespace kith::dialog
