#include "kith/sip/check.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "kith/sip/test/checked.h"

using namespace kith;
using namespace kith::sip;
using test::only;
using test::request;
using test::response;

TEST_CASE("RFC 3261 §8.1.1: a request of each method with what it needs has no problem") {
  const std::string contact = "Contact: <sip:a@a>\r\n";
  for (const Mode mode : {Mode::strict, Mode::lenient}) {
    CHECK(only(request("OPTIONS", ""), mode) == "nothing");
    CHECK(only(request("INVITE", contact), mode) == "nothing");
    CHECK(only(request("ACK", "", "sip:b@b", ";tag=2"), mode) == "nothing");
    CHECK(only(request("BYE", "", "sip:b@b", ";tag=2"), mode) == "nothing");
    CHECK(only(request("REGISTER", "Contact: *\r\nExpires: 0\r\n"), mode) == "nothing");
    CHECK(only(request("SUBSCRIBE", contact + "Event: presence\r\n"), mode) == "nothing");
    CHECK(only(request("NOTIFY", contact + "o: x\r\nSubscription-State: active\r\n"), mode) ==
          "nothing");
    CHECK(only(request("REFER", contact + "r: <sip:c@c>\r\n"), mode) == "nothing");
    CHECK(only(request("MESSAGE", "Subject: x\r\nExpires: 1\r\n"), mode) == "nothing");
    CHECK(only(request("PUBLISH", "Event: presence\r\n"), mode) == "nothing");
    CHECK(only(request("FROBNICATE", contact + "Subject: x\r\n"), mode) == "nothing");
    CHECK(only(response(200, "INVITE", contact), mode) == "nothing");
    CHECK(only(response(100, "INVITE", "", ""), mode) == "nothing");
    CHECK(only(response(302, "INVITE", "m: <sip:a@a?x=y>, <sip:b@b>\r\n"), mode) == "nothing");
  }
}

TEST_CASE("RFC 3261 §8.2: what is wrong with a request, and the status that answers it") {
  struct Case {
    std::string text;
    std::string_view problem;
  };
  const Case cases[] = {
      {request("OPTIONS", "CSeq: 1 OPTIONS\r\n"), "CSeq duplicate 400: RFC 3261 §20.16"},
      {request("OPTIONS", "Max-Forwards: 1\r\n"), "Max-Forwards duplicate 400: RFC 3261 §20.22"},
      {request("OPTIONS", "Date: today\r\n"), "Date malformed 400: RFC 3261 §20.17"},
      {request("OPTIONS", "Route: sip:a@a\r\n"), "Route malformed 400: RFC 3261 §20.34"},
      {request("OPTIONS", "", "isbn:2983792873"), "Request-URI unsupported 416: RFC 3261 §8.2.2.1"},
      {request("OPTIONS", "", "<sip:b@b>"), "Request-URI malformed 400: RFC 3261 §7.1"},
      {request("OPTIONS", "", "sip:b@b?x=y"), "Request-URI forbidden 400: RFC 3261 §19.1.1"},
      {request("OPTIONS", "", "sip:b@b;method=BYE"), "Request-URI forbidden 400: RFC 3261 §19.1.1"},
      {request("INVITE", ""), "Contact missing 400: RFC 3261 §8.1.1.8"},
      {request("INVITE", "m: <sip:a@a>, <sip:b@b>\r\n"), "Contact too many 400: RFC 3261 §8.1.1.8"},
      {request("INVITE", "m: <tel:+1>\r\n"), "Contact unsupported 400: RFC 3261 §8.1.1.8"},
      {request("INVITE", "m: <sip:a@a>\r\n", "sips:b@b"),
       "Contact malformed 400: RFC 3261 §8.1.1.8"},
      {request("INVITE", "m: <sip:a@a>\r\nRoute: <sips:p;lr>\r\n"),
       "Contact malformed 400: RFC 3261 §8.1.1.8"},
      {request("REGISTER", "m: *\r\n"), "Contact malformed 400: RFC 3261 §10.2.2"},
      {request("REGISTER", "m: *\r\nExpires: 1\r\n"), "Contact malformed 400: RFC 3261 §10.2.2"},
      {request("REGISTER", "m: *\r\nm: <sip:a@a>\r\nExpires: 0\r\n"),
       "Contact malformed 400: RFC 3261 §10.2.2"},
      {request("OPTIONS", "m: *\r\nSupported: x\r\n"), "Contact malformed 400: RFC 3261 §10.2.2"},
      {request("BYE", ""), "To missing 481: RFC 3261 §12.2.1.1"},
      {request("SUBSCRIBE", "m: <sip:a@a>\r\n"), "Event missing 400: RFC 3265 §7.2"},
      {request("SUBSCRIBE", "Event: x\r\n"), "Contact missing 400: RFC 3265 §7.1"},
      {request("NOTIFY", "Event: x\r\nm: <sip:a@a>\r\n"),
       "Subscription-State missing 400: RFC 3265 §7.2"},
      {request("REFER", "m: <sip:a@a>\r\n"), "Refer-To missing 400: RFC 3515 §2.4.1"},
      {request("UPDATE", "", "sip:b@b", ";tag=2"), "Contact missing 400: RFC 3311 §5.1"},
      {request("PRACK", "", "sip:b@b", ";tag=2"), "RAck missing 400: RFC 3262 §7.2"},
      {request("PUBLISH", ""), "Event missing 489: RFC 3903 §6"},
      {request("OPTIONS", "Replaces: x;to-tag=1;from-tag=2\r\n"),
       "Replaces forbidden 400: RFC 3891 §3"},
      {request("INVITE",
               "m: <sip:a@a>\r\nReplaces: x;to-tag=1;from-tag=2\r\n"
               "Join: x;to-tag=1;from-tag=2\r\n"),
       "Replaces forbidden 400: RFC 3891 §3"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.text);
    CHECK(only(each.text) == each.problem);
  }
}

TEST_CASE("RFC 3261 §8.1.1.8: what goes to a SIPS URI, or by one, has a SIPS Contact") {
  const std::string sip = "Contact: <sip:a@a>\r\n";
  const std::string sips = "Contact: <sips:a@a>\r\n";
  const std::string by_sips = "Route: <sips:p;lr>, <sip:q;lr>\r\n";
  const std::string by_sip = "Route: <sip:p;lr>, <sips:q;lr>\r\n";
  constexpr std::string_view wrong = "Contact malformed 400: RFC 3261 §8.1.1.8";
  for (const std::string_view method : {"INVITE", "OPTIONS", "REGISTER", "FROBNICATE"}) {
    CAPTURE(method);
    CHECK(only(request(method, sip, "sips:b.example")) == wrong);
    CHECK(only(request(method, sip + by_sips, "sip:b.example")) == wrong);
    CHECK(only(request(method, sips, "sips:b.example")) == "nothing");
    CHECK(only(request(method, sips + by_sips, "sip:b.example")) == "nothing");
    CHECK(only(request(method, sip + by_sip, "sip:b.example")) == "nothing");
  }
  CHECK(only(request("REGISTER", "m: <sips:a@a>, <sip:a@a>\r\n", "sips:b.example")) == wrong);
  CHECK(only(request("REGISTER", "m: <tel:+1>\r\n", "sips:b.example")) == "nothing");
  CHECK(only(request("REGISTER", "m: *\r\nExpires: 0\r\n", "sips:b.example")) == "nothing");
  CHECK(only(request("OPTIONS", sip, "sips:b.example"), Mode::lenient) ==
        "Contact malformed 0 note: RFC 3261 §8.1.1.8");
  // Where a Contact is ignored, so is its scheme.
  CHECK(only(request("MESSAGE", sip, "sips:b.example")) ==
        "Contact forbidden 0 note: RFC 3261 §20.10");
}

TEST_CASE("RFC 3261 §12.1.1: what was routed by a SIPS URI is answered with a SIPS Contact") {
  const auto answer = [](int status, std::string_view contact, std::string_view top) {
    return only(response(status, "INVITE",
                         "Record-Route: <" + std::string{top} + ":p;lr>, <sips:q;lr>\r\nm: <" +
                             std::string{contact} + ":a@a>\r\n"));
  };
  CHECK(answer(200, "sips", "sips") == "nothing");
  CHECK(answer(200, "sip", "sip") == "nothing");
  CHECK(answer(180, "sips", "sips") == "nothing");
  CHECK(answer(200, "sip", "sips") == "Contact malformed 0: RFC 3261 §12.1.1");
  CHECK(answer(180, "sip", "sips") == "Contact malformed 0: RFC 3261 §12.1.1");
  CHECK(only(response(200, "REGISTER", "m: <sip:a@a>\r\nPath: <sips:p;lr>\r\n", ";tag=2")) ==
        "nothing");
  CHECK(only(response(302, "INVITE", "m: <sip:a@a>\r\n")) == "nothing");
}

TEST_CASE("RFC 3261 §8.1.1: all that a request lacks is named at once") {
  const auto problems = check("OPTIONS sip:b SIP/2.0\r\nContent-Length: 9\r\n\r\n", Mode::strict);
  std::string names;
  for (const Problem& each : problems) {
    names.append(each.error.where).append(" ");
    CHECK(each.status == 400);
  }
  CHECK(names == "Via From To Call-ID CSeq Max-Forwards Content-Length ");
}

TEST_CASE("what receivers forgive is a note in a message that was read leniently") {
  struct Case {
    std::string text;
    std::string_view rule;
  };
  const Case cases[] = {
      {request("INVITE", ""), "Contact missing 0 note: RFC 3261 §8.1.1.8"},
      {request("OPTIONS", "Date: today\r\n"), "Date malformed 0 note: RFC 3261 §20.17"},
      {request("OPTIONS", "", "sip:b@b?x=y"), "Request-URI forbidden 0 note: RFC 3261 §19.1.1"},
      {response(486, "INVITE", "", ""), "To missing 0 note: RFC 3261 §8.2.6.2"},
      {response(405, "INVITE", ""), "Allow missing 0 note: RFC 3261 §20.5"},
      {request("OPTIONS", "Supported: a,,b\r\n"), "Supported malformed 0 note: RFC 3261 §20.37"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.text);
    CHECK(only(each.text, Mode::lenient) == each.rule);
    const auto problems = check(each.text, Mode::strict);
    REQUIRE(first_fault(problems) != nullptr);
  }
}

TEST_CASE("RFC 3261 §20: a header that has no meaning where it stands is noted, not refused") {
  const std::string contact = "Contact: <sip:a@a>\r\n";
  CHECK(only(request("BYE", contact, "sip:b@b", ";tag=2")) ==
        "Contact forbidden 0 note: RFC 3261 §20.10");
  CHECK(only(request("MESSAGE", contact)) == "Contact forbidden 0 note: RFC 3261 §20.10");
  CHECK(only(request("REGISTER", "Record-Route: <sip:p;lr>\r\n")) ==
        "Record-Route forbidden 0 note: RFC 3261 §20.30");
  CHECK(only(request("OPTIONS", "Server: x\r\n")) == "Server forbidden 0 note: RFC 3261 §20.35");
  CHECK(only(request("CANCEL", "Require: x\r\n")) == "Require forbidden 0 note: RFC 3261 §8.2.2.3");
  CHECK(only(request("OPTIONS", "r: <sip:a@a>\r\n")) == "Refer-To forbidden 0 note: RFC 3515 §2.1");
  CHECK(only(response(200, "BYE", "Unsupported: x\r\n")) ==
        "Unsupported forbidden 0 note: RFC 3261 §20.40");
  CHECK(only(request("REGISTER", "m: <sip:a@a;lr>\r\n")) ==
        "Contact forbidden 0 note: RFC 3261 §19.1.1");
  CHECK(only(request("INVITE", "m: <sip:a@a?x=y>\r\n")) ==
        "Contact forbidden 0 note: RFC 3261 §19.1.1");
}

TEST_CASE("RFC 3261 §8.1.3: a response that is wrong has faults, and no status answers it") {
  CHECK(only(response(200, "INVITE", "")) == "Contact missing 0: RFC 3261 §12.1.1");
  CHECK(only(response(401, "BYE", "")) == "WWW-Authenticate missing 0: RFC 3261 §20.44");
  CHECK(only(response(407, "BYE", "")) == "Proxy-Authenticate missing 0: RFC 3261 §20.27");
  CHECK(only(response(405, "BYE", "")) == "Allow missing 0: RFC 3261 §20.5");
  CHECK(only(response(420, "BYE", "")) == "Unsupported missing 0: RFC 3261 §20.40");
  CHECK(only(response(421, "BYE", "")) == "Require missing 0: RFC 3261 §21.4.16");
  CHECK(only(response(422, "INVITE", "")) == "Min-SE missing 0: RFC 4028 §6");
  CHECK(only(response(423, "REGISTER", "")) == "Min-Expires missing 0: RFC 3261 §20.23");
  CHECK(only(response(489, "SUBSCRIBE", "")) == "Allow-Events missing 0: RFC 3265 §7.2");
  CHECK(only(response(200, "BYE", "CSeq: 1 BYE\r\n")) == "CSeq duplicate 0: RFC 3261 §20.16");
  CHECK(only(response(200, "BYE", "", "")) == "To missing 0: RFC 3261 §8.2.6.2");
  CHECK(only("SIP/7.0 200 OK\r\n\r\n") == "SIP-Version unsupported 0: RFC 3261 §7");
}

TEST_CASE("RFC 3261 §20.10: which responses have how many Contacts") {
  struct Case {
    int status;
    std::string_view method;
    std::string_view lines;
    std::string_view problem;
  };
  constexpr std::string_view one = "m: <sip:a@a>\r\n";
  constexpr std::string_view two = "m: <sip:a@a>, <sip:b@b>\r\n";
  constexpr std::string_view two_lines = "m: <sip:a@a>\r\nContact: <sip:b@b>\r\n";
  constexpr std::string_view too_many = "Contact too many 0: RFC 3261 §8.1.1.8";
  constexpr std::string_view forbidden = "Contact forbidden 0 note: RFC 3261 §20.10";
  const Case cases[] = {
      {200, "SUBSCRIBE", "Expires: 9\r\nm: <sip:a@a>\r\n", "nothing"},
      {200, "SUBSCRIBE", "Expires: 9\r\n", "Contact missing 0: RFC 3265 §7.1"},
      {202, "REFER", one, "nothing"},
      {202, "REFER", "", "Contact missing 0: RFC 3515 §2.2"},
      {200, "UPDATE", one, "nothing"},
      {200, "UPDATE", "", "Contact missing 0: RFC 3311 §5.2"},
      {200, "NOTIFY", "", "nothing"},
      {200, "INVITE", two, too_many},
      {200, "INVITE", two_lines, too_many},
      {200, "UPDATE", two, too_many},
      {202, "REFER", two, too_many},
      {200, "REGISTER", two, "nothing"},
      {200, "OPTIONS", two, "nothing"},
      {485, "INVITE", two, "nothing"},
      {485, "OPTIONS", "", "nothing"},
      {485, "INFO", one, forbidden},
      {484, "INVITE", one, forbidden},
      {180, "INVITE", one, "nothing"},
      {180, "INVITE", "", "nothing"},
      {180, "INVITE", two, too_many},
      {180, "OPTIONS", one, forbidden},
      {300, "INVITE", two_lines, "nothing"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.status);
    CAPTURE(each.method);
    CAPTURE(each.lines);
    CHECK(only(response(each.status, each.method, each.lines)) == each.problem);
  }
}

TEST_CASE("what no table forbids a newer method is no matter of a note, what one does is") {
  struct Case {
    std::string_view method;
    std::string_view lines;
    std::string_view problem;
  };
  constexpr auto note = " forbidden 0 note: ";
  const Case requests[] = {
      {"PRACK", "RAck: 1 1 INVITE\r\nExpires: 1\r\n", "Expires/RFC 3261 §20.19"},
      {"PRACK", "RAck: 1 1 INVITE\r\nAllow: X\r\nAccept: a/b\r\n", ""},
      {"OPTIONS", "RAck: 1 1 INVITE\r\n", "RAck/RFC 3262 §7.2"},
      {"UPDATE", "m: <sip:a@a>\r\nSubject: x\r\n", "Subject/RFC 3261 §20.36"},
      {"UPDATE", "m: <sip:a@a>\r\nCall-Info: <sip:x>\r\nx: 90\r\n", ""},
      {"MESSAGE", "Accept: a/b\r\n", "Accept/RFC 3261 §20.1"},
      {"MESSAGE", "Supported: x\r\nReply-To: <sip:x>\r\nMIME-Version: 1.0\r\n", ""},
      {"MESSAGE", "Record-Route: <sip:x;lr>\r\n", "Record-Route/RFC 3261 §20.30"},
      {"REFER", "m: <sip:a@a>\r\nr: <sip:x>\r\nPriority: x\r\n", "Priority/RFC 3261 §20.26"},
      {"REFER", "m: <sip:a@a>\r\nr: <sip:x>\r\nExpires: 9\r\n", ""},
      {"SUBSCRIBE", "m: <sip:a@a>\r\no: x\r\nSubscription-State: active\r\n",
       "Subscription-State/RFC 6665 §8.2.3"},
      {"SUBSCRIBE", "m: <sip:a@a>\r\no: x\r\nSuppress-If-Match: *\r\nPriority: x\r\n", ""},
      {"NOTIFY", "m: <sip:a@a>\r\no: x\r\nSubscription-State: active\r\nPriority: x\r\n",
       "Priority/RFC 3261 §20.26"},
      {"NOTIFY", "m: <sip:a@a>\r\no: x\r\nSubscription-State: active\r\nSIP-ETag: x\r\n", ""},
      {"PUBLISH", "o: x\r\nContact: <sip:x>\r\n", "Contact/RFC 3261 §20.10"},
      {"PUBLISH", "o: x\r\nSIP-If-Match: y\r\nSubject: x\r\n", ""},
      {"REGISTER", "SIP-If-Match: y\r\n", "SIP-If-Match/RFC 3903 §11.3.2"},
      {"INFO", "Info-Package: x\r\nSubject: x\r\n", ""},
      {"INFO", "Recv-Info: x\r\n", "Recv-Info/RFC 6086 §7.3"},
      {"INFO", "Organization: x\r\n", "Organization/RFC 3261 §20.25"},
      {"OPTIONS", "Event: x\r\n", "Event/RFC 6665 §8.2.1"},
      {"OPTIONS", "Answer-Mode: Auto\r\n", "Answer-Mode/RFC 5373 §3"},
      {"OPTIONS", "User-to-User: 00\r\n", "User-to-User/RFC 7433 §4.1"},
      {"OPTIONS", "Session-Expires: 90\r\n", "Session-Expires/RFC 4028 §4"},
  };
  for (const Case& each : requests) {
    CAPTURE(each.method);
    CAPTURE(each.lines);
    std::string wanted{each.problem};
    const std::size_t slash = wanted.find('/');
    wanted = slash == std::string::npos ? "nothing" : wanted.replace(slash, 1, note);
    const std::string_view to_tag = each.method == "REGISTER" ? "" : ";tag=2";
    CHECK(only(request(each.method, each.lines, "sip:b@b", to_tag)) == wanted);
  }
}

TEST_CASE("RFC 3265 §7.1, RFC 3903 §11.1.1, RFC 6086 §7.1: what answers newer methods") {
  CHECK(only(response(200, "PUBLISH", "Expires: 1\r\nSIP-ETag: x\r\n")) == "nothing");
  CHECK(only(response(401, "NOTIFY", "WWW-Authenticate: A b=c\r\nRecord-Route: <sip:x;lr>\r\n")) ==
        "nothing");
  CHECK(only(response(469, "INFO", "Recv-Info: x\r\n")) == "nothing");
  CHECK(only(response(469, "INFO", "")) == "Recv-Info missing 0: RFC 6086 §7.1");
  CHECK(only(response(302, "SUBSCRIBE", "")) == "Contact missing 0: RFC 3265 §7.1");
  CHECK(only(response(200, "PUBLISH", "Expires: 1\r\nSIP-ETag: x\r\nContact: <sip:x>\r\n")) ==
        "Contact forbidden 0 note: RFC 3261 §20.10");
  CHECK(only(response(200, "OPTIONS", "SIP-ETag: x\r\n")) ==
        "SIP-ETag forbidden 0 note: RFC 3903 §11.3.1");
  CHECK(only(response(200, "MESSAGE", "Accept: a/b\r\n")) ==
        "Accept forbidden 0 note: RFC 3261 §20.1");
}

TEST_CASE("the bytes of no message are one problem") {
  CHECK(only("OPTIONS sip:b SIP/7.0\r\n\r\n") == "SIP-Version unsupported 505: RFC 3261 §7");
  CHECK(only("hello") == "start line missing 400: RFC 3261 §7");
  CHECK(only("") == "start line missing 400: RFC 3261 §7");
}

TEST_CASE("a problem stands where its header does") {
  const std::string text = request("REGISTER", "Contact: *\r\n");
  const auto problems = check(text, Mode::strict);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].error.offset == text.find('*'));
}

TEST_CASE("messages of a real client and its server have notes and no faults") {
  for (const char* folder : {"corpus", "sipe-captures"}) {
    const auto path = std::filesystem::path(KITH_SOURCE_DIR) / "tests/data" / folder;
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      if (entry.path().extension() == ".md") continue;
      CAPTURE(entry.path());
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
      const auto problems = check(bytes, Mode::lenient);
      const Problem* fault = first_fault(problems);
      if (fault != nullptr) FAIL_CHECK(fault->error.where << ": " << fault->what);
    }
  }
}
