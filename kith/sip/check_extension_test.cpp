#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "kith/sip/test/checked.h"

using namespace kith;
using namespace kith::sip;
using test::only;
using test::request;
using test::response;

TEST_CASE("RFC 4028 §4, §5: a session is at least 90 seconds and Min-SE long") {
  const auto invite = [](std::string_view lines) {
    return only(request("INVITE", "m: <sip:a@a>\r\n" + std::string{lines}));
  };
  CHECK(invite("x: 90;refresher=uas\r\nMin-SE: 90\r\n") == "nothing");
  CHECK(invite("x: 1800\r\n") == "nothing");
  CHECK(invite("x: 89\r\n") == "Session-Expires forbidden 422: RFC 4028 §4");
  CHECK(invite("x: 100\r\nMin-SE: 120\r\n") == "Session-Expires forbidden 422: RFC 4028 §5");
  CHECK(invite("Min-SE: 89\r\n") == "Min-SE malformed 400: RFC 4028 §5");
  const auto answer = [](int status, std::string_view lines) {
    return only(response(status, "UPDATE", "m: <sip:a@a>\r\n" + std::string{lines}));
  };
  CHECK(answer(200, "x: 90;refresher=uas\r\n") == "nothing");
  CHECK(answer(200, "x: 90;refresher=uac\r\nRequire: timer\r\n") == "nothing");
  CHECK(answer(200, "x: 90\r\n") == "Session-Expires malformed 0: RFC 4028 §9");
  CHECK(answer(200, "x: 90;refresher=uac\r\n") == "Require missing 0: RFC 4028 §9");
  CHECK(only(response(422, "INVITE", "Min-SE: 90\r\n")) == "nothing");
  CHECK(only(response(422, "INVITE", "Min-SE: 9\r\n")) == "Min-SE malformed 0: RFC 4028 §5");
}

TEST_CASE("RFC 3262 §3: what is sent reliably has a number and requires 100rel") {
  const auto answer = [](int status, std::string_view lines, std::string_view to_tag = ";tag=2") {
    return only(response(status, "INVITE", lines, to_tag));
  };
  CHECK(answer(183, "m: <sip:a@a>\r\nRSeq: 1\r\nRequire: 100REL\r\n") == "nothing");
  CHECK(answer(183, "RSeq: 1\r\nRequire: 100REL\r\n") == "Contact missing 0: RFC 3262 §3");
  CHECK(answer(180, "") == "nothing");
  CHECK(only(request("INVITE", "m: <sip:a@a>\r\nRequire: 100rel\r\n")) == "nothing");
  CHECK(answer(183, "RSeq: 1\r\n") == "Require missing 0: RFC 3262 §3");
  CHECK(answer(183, "RSeq: 1\r\nRequire: x\r\n") == "Require missing 0: RFC 3262 §3");
  CHECK(answer(183, "Require: 100rel\r\n") == "RSeq missing 0: RFC 3262 §3");
  CHECK(answer(100, "RSeq: 1\r\nRequire: 100rel\r\n", "") == "RSeq forbidden 0 note: RFC 3262 §4");
  CHECK(answer(100, "Require: 100rel\r\n", "") == "Require forbidden 0 note: RFC 3262 §4");
  CHECK(only(request("OPTIONS", "Require: 100rel\r\n")) == "Require forbidden 0 note: RFC 3262 §4");
  CHECK(answer(486, "RSeq: 1\r\n") == "RSeq forbidden 0 note: RFC 3262 §7.1");
}

TEST_CASE("RFC 4412 §3.1: a namespace stands once in a message") {
  const auto options = [](std::string_view lines) { return only(request("OPTIONS", lines)); };
  CHECK(options("Resource-Priority: dsn.flash, wps.3\r\n") == "nothing");
  CHECK(options("Resource-Priority: dsn.flash, DSN.routine\r\n") ==
        "Resource-Priority duplicate 400: RFC 4412 §3.1");
  CHECK(options("Resource-Priority: wps.3\r\nResource-Priority: wps.3\r\n") ==
        "Resource-Priority duplicate 400: RFC 4412 §3.1");
}

TEST_CASE("RFC 3325 §9.1, §9.2: an identity is one URI, or one of SIP and one of a telephone") {
  struct Case {
    std::string_view values;
    std::string_view fault;
  };
  const Case cases[] = {
      {"<sip:a@b>", ""},
      {"<sips:a@b>", ""},
      {"<tel:+1>", ""},
      {"<sip:a@b>, <tel:+1>", ""},
      {"<tel:+1>, <sips:a@b>", ""},
      {"<sip:a@b>, <sip:c@d>", "duplicate"},
      {"<sip:a@b>, <sips:a@b>", "duplicate"},
      {"<tel:+1>, <tel:+2>", "duplicate"},
      {"<sip:a@b>, <tel:+1>, <sip:c@d>", "too many"},
      {"<tel:+1>, <sip:a@b>, <tel:+2>", "too many"},
      {"<mailto:a@b>", "unsupported"},
      {"<sip:a@b>, <im:a@b>", "unsupported"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.values);
    const auto said = [&each](std::string_view name, std::string_view section) {
      if (each.fault.empty()) return std::string{"nothing"};
      return std::string{name} + " " + std::string{each.fault} + " 400: " + std::string{section};
    };
    const auto options = [&each](std::string_view name) {
      return only(request("OPTIONS", std::string{name} + ": " + std::string{each.values} + "\r\n"));
    };
    CHECK(options("P-Asserted-Identity") == said("P-Asserted-Identity", "RFC 3325 §9.1"));
    CHECK(options("P-Preferred-Identity") == said("P-Preferred-Identity", "RFC 3325 §9.2"));
  }
  CHECK(only(request("OPTIONS",
                     "P-Asserted-Identity: <sip:a@b>\r\nP-Asserted-Identity: <sip:c@d>\r\n"),
             Mode::lenient) == "P-Asserted-Identity duplicate 0 note: RFC 3325 §9.1");
}

TEST_CASE("RFC 3326 §2: each protocol gives one reason, RFC 9366 §3: unless it says otherwise") {
  const auto bye = [](std::string_view lines) {
    return only(request("BYE", lines, "sip:b@b", ";tag=2"));
  };
  constexpr std::string_view wrong = "Reason duplicate 400: RFC 3326 §2";
  CHECK(bye("Reason: SIP;cause=200, Q.850;cause=16\r\n") == "nothing");
  CHECK(bye("Reason: STIR;cause=437, STIR;cause=436\r\n") == "nothing");
  CHECK(bye("Reason: SIP;cause=200, sip;cause=603\r\n") == wrong);
  CHECK(bye("Reason: SIP;cause=200\r\nReason: SIP;cause=200\r\n") == wrong);
  CHECK(bye("Reason: Q.850;cause=16, SIP;cause=200, q.850;cause=17\r\n") == wrong);
  CHECK(only(request("BYE", "Reason: SIP, SIP\r\n", "sip:b@b", ";tag=2"), Mode::lenient) ==
        "Reason duplicate 0 note: RFC 3326 §2");
  CHECK(only(response(486, "INVITE", "Reason: Q.850, Q.850\r\n")) ==
        "Reason duplicate 0: RFC 3326 §2");
}
