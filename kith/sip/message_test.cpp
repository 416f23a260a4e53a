#include "kith/sip/message.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "kith/sip/headers.h"

using namespace kith;
using namespace kith::sip;

namespace {

const std::string body =
    "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\"> "
    "<SOAP-ENV:Body> <m:setContact xmlns:m=\"http://schemas.microsoft.com/winrtc/2002/11/sip\"> "
    "<m:displayName>buddy 1</m:displayName> <m:groups /> <m:subscribed>true</m:subscribed> "
    "<m:URI>sip:user4@server.contoso.com</m:URI> <m:externalURI /> <m:deltaNum>12</m:deltaNum> "
    "</m:setContact> </SOAP-ENV:Body> </SOAP-ENV:Envelope>";

const std::string service =
    "SERVICE sip:server.contoso.com;transport=tcp SIP/2.0\r\n"
    "Via: SIP/2.0/TCP 11.22.33.44:13684\r\n"
    "Max-Forwards: 70\r\n"
    "From: <sip:user1@server.contoso.com> ;tag=e6b525fb274245a0b61ddbe877b7d0b9;epid=df527db094\r\n"
    "To: <sip:user1@server.contoso.com> ;tag=01C341BA\r\n"
    "Call-ID: b7c3b37ba4144a39a9bc82c224147f0c\r\n"
    "CSeq: 2 SERVICE\r\n"
    "Contact: <sip:user1@server.contoso.com:13684;maddr=11.22.33.44; transport=\"tcp\"> "
    ";proxy=replace\r\n"
    "User-Agent: RTC/1.3.5369\r\n"
    "Proxy-Authorization: Kerberos qop=\"auth\", realm=\"SIP Communications Service\", "
    "opaque=\"C71765D4\", crand=\"d48aaa37\", cnum=\"6\", targetname=\"sip/server.contoso.com\", "
    "response=\"602306092a864886f71201020201011100ffffffffe25204ecf3fb4be0326639f5ee6f0f44\"\r\n"
    "Content-Type: application/SOAP+xml\r\n"
    "Content-Length: " +
    std::to_string(body.size()) + "\r\n\r\n" + body;

constexpr std::string_view answer =
    "SIP/2.0 200 OK\r\n"
    "Authentication-Info: Kerberos "
    "rspauth=\"602306092A864886F71201020201011100FFFFFFFFF545C705C4485BF958371C44ACFE31E3\", "
    "srand=\"669CF161\", snum=\"7\", opaque=\"C71765D4\", qop=\"auth\", "
    "targetname=\"sip/server.contoso.com\", realm=\"SIP Communications Service\"\r\n"
    "Via: SIP/2.0/TCP 11.22.33.44:13684;ms-received-port=1558;ms-received-cid=12a00\r\n"
    "From: <sip:user1@server.contoso.com>;tag=e6b525fb274245a0b61ddbe877b7d0b9;epid=df527db094\r\n"
    "To: <sip:user1@server.contoso.com>;tag=01C341BA\r\n"
    "Call-ID: b7c3b37ba4144a39a9bc82c224147f0c\r\n"
    "CSeq: 2 SERVICE\r\n"
    "Content-Length: 0\r\n\r\n";

Message read(std::string_view text, Mode mode = Mode::lenient) {
  Result<Message> message = Message::parse(std::string{text}, mode);
  REQUIRE(message);
  return std::move(*message);
}

/// A request with these header lines added to what is mandatory.
Message with(std::string_view lines, Mode mode = Mode::lenient) {
  return read(
      "OPTIONS sip:b@example.com SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\n"
      "From: <sip:a@example.com>;tag=1\r\nTo: <sip:b@example.com>\r\nCall-ID: c\r\n"
      "CSeq: 1 OPTIONS\r\n" +
          std::string{lines} + "Content-Length: 0\r\n\r\n",
      mode);
}

std::optional<Error> refused(std::string_view text, Mode mode = Mode::lenient) {
  const Result<Message> message = Message::parse(std::string{text}, mode);
  return message ? std::nullopt : std::optional{message.error()};
}

}  // namespace

TEST_CASE("the exchange: the SERVICE of a real client is read, its quoted transport named") {
  const Message request = read(service);
  CHECK_FALSE(first_fault(request));
  CHECK(request.diagnostics().empty());
  CHECK(request.method() == "SERVICE");
  CHECK(request.request_uri() == "sip:server.contoso.com;transport=tcp");
  CHECK(request.body() == body);
  CHECK(request.write() == service);

  Diagnostics diagnostics;
  const auto contact = request.get<Contact>(diagnostics);
  REQUIRE(contact);
  REQUIRE(*contact);
  CHECK((*contact)->uri.params.find("transport") == "tcp");
  CHECK((*contact)->uri.params.find("maddr") == "11.22.33.44");
  CHECK((*contact)->params.find("proxy") == "replace");
  CHECK(diagnostics.contains("quoted parameter in a URI"));
  CHECK(diagnostics.contains("blanks inside a URI"));
  CHECK(diagnostics.size() == 2);
  const std::size_t quote = service.find("\"tcp\"");
  CHECK((diagnostics.begin() + 1)->offset == quote);
  CHECK((diagnostics.begin() + 1)->where == "Contact");
  CHECK(written(**contact) ==
        "<sip:user1@server.contoso.com:13684;maddr=11.22.33.44;transport=tcp>;proxy=replace");

  Diagnostics of_via;
  const auto via = request.get<Via>(of_via);
  REQUIRE(via);
  CHECK((*via)->host == "11.22.33.44");
  CHECK((*via)->port == 13684);
  CHECK_FALSE((*via)->branch());
  CHECK(of_via.contains("no branch"));

  CHECK(request.require<From>()->tag() == "e6b525fb274245a0b61ddbe877b7d0b9");
  CHECK(request.require<From>()->epid() == "df527db094");
  CHECK(request.require<To>()->tag() == "01C341BA");
  CHECK(request.require<CSeq>() == CSeq{.sequence = 2, .method = "SERVICE"});
  const auto credentials = request.require<ProxyAuthorization>();
  REQUIRE(credentials);
  CHECK(credentials->scheme == "Kerberos");
  CHECK(credentials->params.find("TargetName") == "sip/server.contoso.com");
  CHECK(request.require<ContentType>()->is("application/soap+xml"));
}

TEST_CASE("the exchange: in strict mode the Contact is refused where its URI goes wrong") {
  const Message request = read(service, Mode::strict);
  CHECK_FALSE(first_fault(request));
  const auto contact = request.get<Contact>();
  REQUIRE_FALSE(contact);
  CHECK(contact.error() ==
        Error{Fault::malformed, "Contact", service.find(" transport=\"tcp\"") + 1});
  CHECK(status_of(contact.error()) == 400);
  CHECK(request.get<Via>());
  CHECK(request.get<From>());
}

TEST_CASE("the exchange: the 200 OK is written exactly") {
  Message response = Message::response(read(service), 200);
  Via via = *response.require<Via>();
  via.params.set("ms-received-port", "1558");
  via.params.set("ms-received-cid", "12a00");
  response.replace_first(via);
  AuthenticationInfo info{.scheme = "Kerberos", .params = {}};
  info.params.set_quoted(
      "rspauth", "602306092A864886F71201020201011100FFFFFFFFF545C705C4485BF958371C44ACFE31E3");
  info.params.set_quoted("srand", "669CF161");
  info.params.set_quoted("snum", "7");
  info.params.set_quoted("opaque", "C71765D4");
  info.params.set_quoted("qop", "auth");
  info.params.set_quoted("targetname", "sip/server.contoso.com");
  info.params.set_quoted("realm", "SIP Communications Service");
  response.prepend(info);
  CHECK(response.write() == answer);
  CHECK(read(answer).status() == 200);
  CHECK(read(answer).reason() == "OK");
}

TEST_CASE("SIP-TRAN-02: messages of a real client and its server are read and written back") {
  std::size_t files = 0;
  for (const char* folder : {"corpus", "sipe-captures"}) {
    const auto path = std::filesystem::path(KITH_SOURCE_DIR) / "tests/data" / folder;
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      if (entry.path().extension() == ".md") continue;
      CAPTURE(entry.path());
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
      const Message message = read(bytes);
      CHECK(message.write() == bytes);
      CHECK_FALSE(first_fault(message));
      CHECK(message.all<Via>());
      CHECK(message.all<Contact>());
      CHECK(message.all<WwwAuthenticate>());
      CHECK(message.get<Authorization>());
      CHECK(message.get<AuthenticationInfo>());
      CHECK(message.get<MsKeepAlive>());
      CHECK(message.all<Supported>());
      CHECK(message.all<AllowEvents>());
      CHECK(message.get<SubscriptionState>());
      ++files;
    }
  }
  CHECK(files >= 25);
}

TEST_CASE("SIP-TRAN-13: more than one ms-keep-alive is refused") {
  const Message message = with("ms-keep-alive: UAC;hop-hop=yes\r\nMS-Keep-Alive: UAC\r\n");
  CHECK(message.get<MsKeepAlive>().error().fault == Fault::duplicate);
  REQUIRE(first_fault(message));
  CHECK(first_fault(message)->where == "ms-keep-alive");
  CHECK(status_of(*first_fault(message)) == 400);
  CHECK_FALSE(first_fault(with("ms-keep-alive: UAC;hop-hop=yes\r\n")));
}

TEST_CASE("RFC 3261 §7.3.3: compact names are found by type") {
  const Message message = read(
      "OPTIONS sip:b@example.com SIP/2.0\r\nv: SIP/2.0/UDP a;branch=z9hG4bK1\r\n"
      "f: <sip:a@example.com>;tag=1\r\nt: <sip:b@example.com>\r\ni: c\r\nCSeq: 1 OPTIONS\r\n"
      "m: <sip:a@a>\r\nk: x, eventlist\r\nl: 0\r\n\r\n");
  CHECK_FALSE(first_fault(message));
  CHECK(message.require<Contact>()->uri.host == "a");
  CHECK(lists<Supported>(message, "EventList"));
  CHECK_FALSE(lists<Supported>(message, "event"));
}

TEST_CASE("RFC 3261 §7.3.1: values on one line, over many lines and over folded lines") {
  const Message message = with(
      "Contact : \"Last, First;\" <sip:a@a;x=\"1,2\">;q=0.5 , <sip:b@b?x=1,2>\r\n"
      "CONTACT:\r\n <sip:c@c>,\r\n\t<sip:d@d>\r\n  ;q=1\r\n");
  const auto contacts = message.all<Contact>();
  REQUIRE_FALSE(contacts);  // a comma may not stand bare in a URI header
  const Message better = with(
      "Contact : \"Last, First;\" <sip:a,b@a;x=1>;q=0.5 , <sip:b@b?x=1>\r\n"
      "CONTACT:\r\n <sip:c@c>,\r\n\t<sip:d@d>\r\n  ;q=1\r\n");
  const auto four = better.all<Contact>();
  REQUIRE(four);
  REQUIRE(four->size() == 4);
  CHECK(four->at(0).display_name == "Last, First;");
  CHECK(four->at(0).uri.user == "a,b");
  CHECK(four->at(3).q() == QValue{1000});
  CHECK(better.diagnostics().contains("folded line"));
  CHECK(better.text("contact") == "\"Last, First;\" <sip:a,b@a;x=1>;q=0.5 , <sip:b@b?x=1>");
}

TEST_CASE("RFC 3261 §7.3.1: a folded message that was not changed is written back as it was") {
  const std::string text =
      "OPTIONS sip:b SIP/2.0\r\nSubject: one\r\n two\r\n\tthree\r\nX:\r\n  y\r\n\r\nbody";
  const Message message = read(text);
  CHECK(message.text("Subject") == "one two three");
  CHECK(message.text("X") == "y");
  CHECK(message.write() == text);
  CHECK(read(text, Mode::strict).text("Subject") == "one two three");
}

TEST_CASE("lines ended by LF alone are read leniently and refused strictly") {
  const std::string text = "OPTIONS sip:b SIP/2.0\nSubject: one\n\nbody";
  const Message message = read(text);
  CHECK(message.diagnostics().contains("line ended by LF alone"));
  CHECK(message.body() == "body");
  CHECK(message.write() == text);
  CHECK(refused(text, Mode::strict)->where == "header section");
}

TEST_CASE("RFC 3261 §7: what is no message is refused with the status that answers it") {
  struct Case {
    std::string_view text;
    Fault fault;
    std::string_view where;
    int status;
  };
  const std::array cases{
      Case{"", Fault::missing, "start line", 400},
      Case{"\r\n\r\n", Fault::missing, "start line", 400},
      Case{"OPTIONS\r\n\r\n", Fault::malformed, "start line", 400},
      Case{"OPTIONS sip:b\r\n\r\n", Fault::malformed, "start line", 400},
      Case{"OP(IONS sip:b SIP/2.0\r\n\r\n", Fault::malformed, "start line", 400},
      Case{"OPTIONS sip:b SIP/7.0\r\n\r\n", Fault::unsupported, "SIP-Version", 505},
      Case{"OPTIONS sip:b SIP/2.0 x\r\n\r\n", Fault::malformed, "start line", 400},
      Case{"SIP/2.0 99 Low\r\n\r\n", Fault::malformed, "start line", 400},
      Case{"SIP/2.0 700 High\r\n\r\n", Fault::malformed, "start line", 400},
      Case{"SIP/3.0 200 OK\r\n\r\n", Fault::unsupported, "SIP-Version", 505},
      Case{"OPTIONS sip:b SIP/2.0\r\n folded: first\r\n\r\n", Fault::malformed, "header line", 400},
      Case{"OPTIONS sip:b SIP/2.0\r\nno colon\r\n\r\n", Fault::malformed, "header line", 400},
      Case{"OPTIONS sip:b SIP/2.0\r\n: no name\r\n\r\n", Fault::malformed, "header line", 400},
      Case{"OPTIONS sip:b SIP/2.0\r\nna me: x\r\n\r\n", Fault::malformed, "header line", 400},
      Case{"OPTIONS sip:b SIP/2.0\r\nX: a\rb\r\n\r\n", Fault::malformed, "header section", 400},
      Case{"OPTIONS sip:b SIP/2.0\r\nX: a\r\n", Fault::malformed, "header section", 400},
  };
  for (const Case& each : cases) {
    CAPTURE(each.text);
    for (const Mode mode : {Mode::strict, Mode::lenient}) {
      const auto error = refused(each.text, mode);
      REQUIRE(error);
      CHECK(error->fault == each.fault);
      CHECK(error->where == each.where);
      CHECK(status_of(*error) == each.status);
    }
  }
}

TEST_CASE("the limits of a message are met") {
  const std::string start = "OPTIONS sip:b SIP/2.0\r\n";
  std::string lines;
  for (std::size_t i = 0; i < headers_max; ++i) lines += "X: y\r\n";
  CHECK(read(start + lines + "\r\n").field_count() == headers_max);
  CHECK(refused(start + lines + "X: y\r\n\r\n")->fault == Fault::too_many);
  CHECK(status_of(*refused(start + lines + "X: y\r\n\r\n")) == 513);
  const std::string long_value(header_section_size_max, 'x');
  CHECK(refused(start + "X: " + long_value + "\r\n\r\n")->fault == Fault::too_long);
  const std::string long_name(header_name_length_max + 1, 'x');
  CHECK(refused(start + long_name + ": y\r\n\r\n")->fault == Fault::too_long);
  const std::string uri = "sip:" + std::string(request_uri_length_max, 'x');
  CHECK(status_of(*refused("OPTIONS " + uri + " SIP/2.0\r\n\r\n")) == 414);
  std::string tags = "Supported: a";
  for (std::size_t i = 1; i < values_max; ++i) tags += ",a";
  CHECK(with(tags + "\r\n").all<Supported>()->size() == values_max);
  CHECK(with(tags + ",a\r\n").all<Supported>().error().fault == Fault::too_many);
}

TEST_CASE("the longest body is read; a message longer than message_size_max is not") {
  const std::string start = "OPTIONS sip:b SIP/2.0\r\n\r\n";
  CHECK(read(start + std::string(body_size_max, 'x')).body().size() == body_size_max);
  // Line ends before the message do not count, as many as a header section may have.
  const std::string longest(message_size_max + header_section_size_max - start.size() + 1, 'x');
  const auto error = refused(start + longest);
  REQUIRE(error);
  CHECK(error->fault == Fault::too_long);
  CHECK(error->where == "message");
}

TEST_CASE(
    "RFC 3261 §8.1.1: first_fault() names the first mandatory header that is missing or wrong") {
  const Message good = with("");
  CHECK_FALSE(first_fault(good));
  for (const std::string_view name : {"Via", "From", "To", "Call-ID", "CSeq"}) {
    CAPTURE(name);
    Message without = good;
    without.remove(name);
    REQUIRE(first_fault(without));
    CHECK(*first_fault(without) == Error{Fault::missing, name});
    Message twice = good;
    twice.add(name, good.text(name));
    if (name != "Via") {
      REQUIRE(first_fault(twice));
      CHECK(first_fault(twice)->fault == Fault::duplicate);
    }
    Message wrong = good;
    wrong.set(name, "@");
    REQUIRE(first_fault(wrong));
    CHECK(first_fault(wrong)->fault == Fault::malformed);
  }
  Message other = good;
  other.set("CSeq", "1 INVITE");
  CHECK(first_fault(other)->where == "CSeq");
  other = good;
  other.set_request_uri("sip:");
  CHECK(first_fault(other)->where == "Request-URI");
  CHECK(first_fault(with("Max-Forwards: 2x\r\n"))->where == "Max-Forwards");
}

TEST_CASE("RFC 3261 §18.3: a Content-Length above the datagram is refused, below it cuts") {
  const std::string head =
      "OPTIONS sip:b@example.com SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\n"
      "From: <sip:a@example.com>;tag=1\r\nTo: <sip:b@example.com>\r\nCall-ID: c\r\n"
      "CSeq: 1 OPTIONS\r\n";
  CHECK(first_fault(read(head + "Content-Length: 5\r\n\r\nbody"))->where == "Content-Length");
  CHECK(first_fault(read(head + "Content-Length: x\r\n\r\nbody"))->where == "Content-Length");
  CHECK(first_fault(read(head + "Content-Length: 4\r\nl: 4\r\n\r\nbody"))->fault ==
        Fault::duplicate);
  const Message cut = read(head + "Content-Length: 3\r\n\r\nbody");
  CHECK_FALSE(first_fault(cut));
  CHECK(cut.body() == "bod");
  CHECK(cut.diagnostics().contains("bytes after the body"));
  CHECK(cut.write() == head + "Content-Length: 3\r\n\r\nbod");
  const Message none = read(head + "\r\nbody");
  CHECK(none.body() == "body");
  CHECK(none.diagnostics().contains("no Content-Length"));
}

TEST_CASE("headers are set, added, put first, replaced and removed") {
  Message message = with("Route: <sip:a;lr>, <sip:b;lr>\r\nroute: <sip:c;lr>\r\nSubject: x\r\n");
  message.remove_first<Route>();
  CHECK(message.text("Route") == "<sip:b;lr>");
  message.replace_first(Route{.display_name = {}, .uri = *Uri::parse("sip:z;lr"), .params = {}});
  CHECK(message.all<Route>()->size() == 2);
  CHECK(message.require<Route>()->uri.host == "z");
  message.remove_first<Route>();
  message.remove_first<Route>();
  CHECK_FALSE(message.has<Route>());
  message.add(Supported{"one"});
  message.add(Supported{"two"});
  message.add("Unknown", "left\r\nInjected: alone");
  CHECK(message.all<Supported>()->size() == 2);
  message.set(Supported{"three"});
  CHECK(message.all<Supported>() == std::vector{Supported{"three"}});
  message.prepend(Via{.transport = "TCP", .host = "proxy", .port = {}, .params = {}});
  message.set_to_tag("99");
  message.set_request_uri("sip:other");
  message.set_body("text/plain", "hello");
  message.remove("subject");
  CHECK(message.write() ==
        "OPTIONS sip:other SIP/2.0\r\nVia: SIP/2.0/TCP proxy\r\n"
        "Via: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@example.com>;tag=1\r\n"
        "To: <sip:b@example.com>;tag=99\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\nContent-Length: 5\r\n"
        "Supported: three\r\nUnknown: left  Injected: alone\r\nContent-Type: text/plain\r\n\r\n"
        "hello");
  message.set_body({}, {});
  CHECK(message.text("Content-Length") == "0");
  CHECK_FALSE(message.has<ContentType>());
}

TEST_CASE("a request is built from nothing, copied and moved") {
  Message message = Message::request("NOTIFY", "sip:a@b");
  for (int i = 0; i < 40; ++i) message.add("X-" + std::to_string(i), "y");
  Message copy = message;
  const Message moved = std::move(copy);
  CHECK(moved.write() == message.write());
  CHECK(moved.write().ends_with("X-39: y\r\nContent-Length: 0\r\n\r\n"));
  CHECK(moved.write().starts_with("NOTIFY sip:a@b SIP/2.0\r\nX-0: y\r\n"));
  copy = moved;
  CHECK(copy.text("x-39") == "y");
}

TEST_CASE("RFC 3261 §8.2.6.2: a response has every Via, and the default phrase of its status") {
  const Message request = with("Via: SIP/2.0/UDP b, SIP/2.0/UDP c\r\nSubject: x\r\n");
  const Message response = Message::response(request, 482);
  CHECK(response.write() ==
        "SIP/2.0 482 Loop Detected\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\n"
        "Via: SIP/2.0/UDP b, SIP/2.0/UDP c\r\nFrom: <sip:a@example.com>;tag=1\r\n"
        "To: <sip:b@example.com>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n");
  CHECK(Message::response(request, 499).reason() == "Bad Request");
  CHECK(Message::response(request, 400, "CSeq").reason() == "CSeq");
}
