#include "kith/sip/check.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

using namespace kith;
using namespace kith::sip;

namespace {

/// A request of this method: what every one has, and these lines.
std::string request(std::string_view method, std::string_view lines,
                    std::string_view uri = "sip:b@example.com", std::string_view to_tag = {}) {
  std::string text{method};
  text.append(" ").append(uri).append(" SIP/2.0\r\n");
  text.append("Via: SIP/2.0/UDP a;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n");
  text.append("From: <sip:a@example.com>;tag=1\r\nTo: <sip:b@example.com>").append(to_tag);
  text.append("\r\nCall-ID: c\r\nCSeq: 1 ").append(method).append("\r\n").append(lines);
  return text.append("Content-Length: 0\r\n\r\n");
}

std::string response(int status, std::string_view method, std::string_view lines,
                     std::string_view to_tag = ";tag=2") {
  std::string text = "SIP/2.0 " + std::to_string(status) + " x\r\n";
  text.append("Via: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@example.com>;tag=1\r\n");
  text.append("To: <sip:b@example.com>").append(to_tag).append("\r\nCall-ID: c\r\nCSeq: 1 ");
  return text.append(method).append("\r\n").append(lines).append("Content-Length: 0\r\n\r\n");
}

/// What a message breaks: the only problem that it has, in one line.
std::string only(std::string_view text, Mode mode = Mode::strict) {
  const auto problems = check(text, mode);
  if (problems.empty()) return "nothing";
  if (problems.size() > 1)
    return std::string{problems[0].what} + " and " + std::string{problems[1].what};
  const Problem& problem = problems.front();
  return std::string{problem.error.where} + " " + std::string{to_string(problem.error.fault)} +
         " " + std::to_string(problem.status) + (problem.weight == Weight::note ? " note" : "") +
         ": " + std::string{problem.rule};
}

}  // namespace

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
      {request("REGISTER", "m: *, <sip:a@a>\r\nExpires: 0\r\n"),
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
  CHECK(answer(183, "RSeq: 1\r\nRequire: 100REL\r\n") == "nothing");
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
