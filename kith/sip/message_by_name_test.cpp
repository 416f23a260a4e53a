#include <doctest/doctest.h>

#include <array>

#include "kith/sip/any_header.h"
#include "kith/sip/headers.h"
#include "kith/sip/message.h"

using namespace kith;
using namespace kith::sip;

namespace {

Message with(std::string_view lines, std::string_view body = {}) {
  auto message =
      Message::parse("OPTIONS sip:b SIP/2.0\r\n" + std::string{lines} + "\r\n" + std::string{body});
  REQUIRE(message);
  return std::move(*message);
}

/// The header lines of a message, without the start line and the Content-Length at their end.
std::string lines_of(const Message& message) {
  const std::string text = message.write();
  const std::size_t begin = text.find('\n') + 1;
  return text.substr(begin, text.rfind("Content-Length") - begin);
}

using Names = std::vector<std::string_view>;

}  // namespace

TEST_CASE("RFC 3261 §7.3.3: a message is written with compact names where there are any") {
  const Message message = *Message::parse(
      "INVITE sip:b@b SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nf:  <sip:a@a>;tag=1\r\n"
      "TO: <sip:b@b>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\nX-A: 1\r\n"
      "Contact: <sip:a@a>\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi");
  const std::string compact = message.write_compact();
  CHECK(compact ==
        "INVITE sip:b@b SIP/2.0\r\nv: SIP/2.0/UDP a;branch=z9hG4bK1\r\nf: <sip:a@a>;tag=1\r\n"
        "t: <sip:b@b>\r\ni: c\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\nX-A: 1\r\n"
        "m: <sip:a@a>\r\nc: text/plain\r\nl: 2\r\n\r\nhi");
  CHECK(*Message::parse(compact, Mode::strict) == message);
  CHECK(Message::request("OPTIONS", "sip:b@b").write_compact() ==
        "OPTIONS sip:b@b SIP/2.0\r\nl: 0\r\n\r\n");
}

TEST_CASE("RFC 3261 §17: messages may be one to a transaction and say different things") {
  const Message message = *Message::parse(
      "INVITE sip:b@b SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@a>;tag=1\r\n"
      "To: <sip:b@b>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\n\r\n");
  Message other = message;
  other.set("Subject", "lunch");
  other.set_body("text/plain", "hi");
  CHECK(same_transaction_fields(message, other));
  CHECK_FALSE(message == other);
  for (const auto& [name, value] :
       {std::pair{"Via", "SIP/2.0/UDP a;branch=z9hG4bK2"}, std::pair{"From", "<sip:a@a>;tag=2"},
        std::pair{"To", "<sip:b@b>;tag=2"}, std::pair{"Call-ID", "C"},
        std::pair{"CSeq", "2 INVITE"}, std::pair{"Max-Forwards", "69"}}) {
    CAPTURE(name);
    Message changed = message;
    changed.set(name, value);
    CHECK_FALSE(same_transaction_fields(message, changed));
  }
  other = message;
  other.set_method("OPTIONS");
  CHECK_FALSE(same_transaction_fields(message, other));
  other = message;
  other.set_request_uri("sip:c@b");
  CHECK_FALSE(same_transaction_fields(message, other));
  const Message ok = Message::response(message, 200);
  Message fine = ok;
  fine.set_status(200, "Fine");
  CHECK(same_transaction_fields(ok, fine));
  fine.set_status(202);
  CHECK_FALSE(same_transaction_fields(ok, fine));
}

TEST_CASE("RFC 3261 §7.3.3: a compact name finds the full one, and the other way round") {
  const Message message = with("i: 1\r\nSupported: a\r\nk: b\r\nOwn: c\r\n");
  CHECK(message.text("call-id") == "1");
  CHECK(message.text("I") == "1");
  CHECK(message.texts("K") == Names{"a", "b"});
  CHECK(message.names() == Names{"i", "Supported", "Own"});
  CHECK(message.last_line("supported") == 2);
  CHECK(message.first_line("k") == 1);
  CHECK(message.has("OWN"));
  for (const std::string_view absent : {"", "o", "Ow", "Via", "v", "Call_ID"})
    CHECK_FALSE(message.has(absent));
}

TEST_CASE("one value at either end is taken or replaced, on whatever line it stands") {
  const std::string text = "Route: <sip:a,1@h>, \"x,y\" <sip:b>\r\nOwn: 1, 2\r\nRoute: <sip:c>\r\n";
  struct Case {
    void (*change)(Message&);
    std::string_view lines;
  };
  const std::array cases{
      Case{[](Message& m) { m.remove_first<Route>(); },
           "Route: \"x,y\" <sip:b>\r\nOwn: 1, 2\r\nRoute: <sip:c>\r\n"},
      Case{[](Message& m) { m.remove_first("route"); },
           "Route: \"x,y\" <sip:b>\r\nOwn: 1, 2\r\nRoute: <sip:c>\r\n"},
      Case{[](Message& m) { m.remove_last<Route>(); },
           "Route: <sip:a,1@h>, \"x,y\" <sip:b>\r\nOwn: 1, 2\r\n"},
      Case{[](Message& m) { m.remove_last("Route"), m.remove_last("Route"); },
           "Route: <sip:a,1@h>\r\nOwn: 1, 2\r\n"},
      Case{[](Message& m) { m.remove_last("Own"); },
           "Route: <sip:a,1@h>, \"x,y\" <sip:b>\r\nRoute: <sip:c>\r\n"},
      Case{[](Message& m) { m.remove_line(2), m.replace_last("Route", "<sip:d>"); },
           "Route: <sip:a,1@h>, <sip:d>\r\nOwn: 1, 2\r\n"},
      Case{[](Message& m) { m.replace_first("Route", "<sip:d>"), m.remove_line(2); },
           "Route: <sip:d>, \"x,y\" <sip:b>\r\nOwn: 1, 2\r\n"},
      Case{[](Message& m) { m.remove("Route"), m.replace_last("Route", "<sip:d>"); },
           "Own: 1, 2\r\nRoute: <sip:d>\r\n"},
      Case{[](Message& m) { m.remove_first("Via"), m.remove_last("Via"), m.remove("Route"); },
           "Own: 1, 2\r\n"},
  };
  for (const Case& each : cases) {
    Message message = with(text);
    each.change(message);
    CHECK(lines_of(message) == each.lines);
  }
  CHECK(with(text).last<Route>().value()->uri.host == "c");
  CHECK_FALSE(with("X: y\r\n").last<Route>().value());
  CHECK_FALSE(with("Route: @\r\n").last<Route>());
}

TEST_CASE("lines are inserted at the top, at the end, and before and after others") {
  Message message = with("From: <sip:a>\r\nSupported: a\r\nk: b\r\n");
  message.insert(0, "Top", "1");
  message.insert(message.field_count(), Server{"end"});
  message.insert_before<Supported>(Require{"x"});
  message.insert_after<Supported>(Unsupported{"y"});
  message.insert_before<Via>(Accept{.type = "a", .subtype = "b", .params = {}});
  message.insert_after<Via>(UserAgent{"none"});
  message.prepend("K", "c");
  CHECK(lines_of(message) ==
        "Top: 1\r\nFrom: <sip:a>\r\nRequire: x\r\nSupported: c\r\nSupported: a\r\nk: b\r\n"
        "Unsupported: y\r\nServer: end\r\nAccept: a/b\r\nUser-Agent: none\r\n");
}

TEST_CASE("method, status and body are changed with the headers that go along") {
  Message request = with(
      "CSeq: 4 OPTIONS\r\nc: a/b\r\nContent-Encoding: gzip\r\nContent-ID: <a@b>\r\n"
      "Content-Disposition: render\r\nContent-Language: en\r\nContent-Length: 1\r\n",
      "x");
  request.set_method("INFO");
  request.remove_body();
  CHECK(request.write() == "INFO sip:b SIP/2.0\r\nCSeq: 4 INFO\r\nContent-Length: 0\r\n\r\n");
  Message response = Message::response(request, 200);
  response.set_status(486);
  CHECK(response.reason() == "Busy Here");
  response.set_status(600, "Go");
  CHECK(response.write().starts_with("SIP/2.0 600 Go\r\n"));
  response.set_method("BYE");
  CHECK(response.method().empty());
}

TEST_CASE("RFC 3261 §8.2.6.1: a 100 has the Timestamp of its request, another response has not") {
  const Message request = with("CSeq: 1 OPTIONS\r\nTimestamp: 54\r\n");
  CHECK(Message::response(request, 100).text("Timestamp") == "54");
  CHECK_FALSE(Message::response(request, 180).has("Timestamp"));
}

TEST_CASE("RFC 3261 §7.3.1: messages are equal if they say the same, identical if they are") {
  const std::string text = "Via: SIP/2.0/UDP a, SIP/2.0/UDP b\r\nSubject: x\r\nOwn: 1\r\n";
  const Message message = with(text, "body");
  CHECK(message == with(text, "body"));
  CHECK(identical(message, with(text, "body")));
  for (const std::string_view same :
       {"Subject: x\r\nv:SIP / 2.0/ UDP  a\r\nOWN:  1\r\nVia: SIP/2.0/UDP b\r\n",
        "Via: SIP/2.0/UDP a,SIP/2.0/UDP b\r\nOwn: 1\r\nSubject: x\r\nl: 4\r\n"}) {
    CAPTURE(same);
    CHECK(message == with(same, "body"));
    CHECK(with(same, "body") == message);
    CHECK_FALSE(identical(message, with(same, "body")));
  }
  for (const std::string_view other :
       {"Via: SIP/2.0/UDP b, SIP/2.0/UDP a\r\nSubject: x\r\nOwn: 1\r\n",
        "Via: SIP/2.0/UDP a\r\nSubject: x\r\nOwn: 1\r\n",
        "Via: SIP/2.0/UDP a, SIP/2.0/UDP b\r\nSubject: X\r\nOwn: 1\r\n",
        "Via: SIP/2.0/UDP a, SIP/2.0/UDP b\r\nOwn: 1\r\n",
        "Via: SIP/2.0/UDP a, SIP/2.0/UDP b\r\nSubject: x\r\nOwn: 1\r\nOwn: 2\r\n"}) {
    CAPTURE(other);
    CHECK_FALSE(message == with(other, "body"));
    CHECK_FALSE(with(other, "body") == message);
  }
  CHECK_FALSE(message == with(text, "Body"));
  Message changed = message;
  changed.set_method("INFO");
  CHECK_FALSE(changed == message);
  changed = message;
  changed.set_request_uri("sip:c");
  CHECK_FALSE(changed == message);
  changed = message;
  changed.set("Own", "2");
  CHECK_FALSE(changed == message);
  changed.set("Own", "1");
  CHECK(changed == message);
  CHECK(*Message::parse(changed.write()) == message);
}

TEST_CASE("a header line finds its type by name, full or compact") {
  const ReadHeader read = read_header_line("m: <sip:a@b> ;q=0.7,\r\n \"C\" <sip:c>\r\n");
  CHECK(read.known);
  CHECK(read.name == "Contact");
  CHECK(read.values == std::vector<std::string>{"<sip:a@b>;q=0.7", "\"C\" <sip:c>"});
  CHECK(read.stable);
  CHECK_FALSE(read.error);
  CHECK(read.diagnostics.contains("folded line"));
  const ReadHeader own = read_header("x-Own", " some, text ");
  CHECK_FALSE(own.known);
  CHECK(own.name == "x-Own");
  CHECK(own.values == std::vector<std::string>{"some, text"});
  CHECK(known_header("cseq")->full == "CSeq");
  CHECK(known_header("M")->full == "Contact");
  for (const std::string_view unknown : {"", "z", "CSe", "CSeq ", "Contactx"})
    CHECK(known_header(unknown) == nullptr);
}

TEST_CASE("what a header line does wrong is said with its place; leniencies too") {
  struct Case {
    std::string_view name;
    std::string_view value;
    Mode mode;
    Fault fault;
    std::string_view where;
    std::size_t offset;
  };
  const std::array cases{
      Case{"CSeq", "x INVITE", Mode::lenient, Fault::malformed, "CSeq", 0},
      Case{"CSeq", "1 INV@TE", Mode::lenient, Fault::malformed, "CSeq", 5},
      Case{"Route", "<sip:a>,", Mode::strict, Fault::malformed, "Route", 8},
      Case{"Max-Forwards", "70\r\nOther: 1", Mode::lenient, Fault::malformed, "header line", 0},
      Case{"Max-Forwards", "70\r\n\r\nbody", Mode::lenient, Fault::malformed, "header line", 0},
      Case{"Na me", "1", Mode::lenient, Fault::malformed, "header line", 0},
      Case{"", "1", Mode::lenient, Fault::malformed, "header line", 0},
  };
  for (const Case& each : cases) {
    CAPTURE(each.value);
    const ReadHeader read = read_header(each.name, each.value, each.mode);
    CHECK(read.values.empty());
    REQUIRE(read.error);
    CHECK(*read.error == Error{each.fault, each.where, each.offset});
  }
  CHECK(read_header_line("CSeq: 1 INV@TE").error->offset == 11);
  const ReadHeader lenient = read_header("Route", "<sip:a>,");
  CHECK_FALSE(lenient.error);
  REQUIRE(lenient.diagnostics.size() == 1);
  CHECK(lenient.diagnostics.begin()->offset == 8);
}

TEST_CASE("a visitor is called with the type that a name has") {
  std::string_view found;
  const auto visit = [&found](auto type) { found = decltype(type)::type::name.full; };
  CHECK(visit_header_type("via", visit));
  CHECK(found == "Via");
  CHECK(visit_header_type("T", visit));
  CHECK(found == "To");
  CHECK_FALSE(visit_header_type("z", visit));
  CHECK_FALSE(visit_header_type("", visit));
}
