// AddressFactoryTest, HeaderFactoryTest, MessageFactoryTest. Values need no factories: what is held
// here is what comes out of text, and goes into it.

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "kith/sip/headers.h"
#include "kith/sip/message.h"
#include "kith/sip/parsed.h"
#include "kith/sip/tel_uri.h"

namespace kith::sip {
namespace {

TEST_CASE("AddressFactoryTest.testStar: a Contact of * is the wildcard") {
  CHECK(parsed<Contact>("*")->wildcard);
  CHECK_FALSE(parsed<Contact>("<sip:bob@b.example>")->wildcard);
  CHECK_FALSE(parsed<To>("*"));
}

TEST_CASE("AddressFactoryTest.testAddressFactory: a URI is what its own text says") {
  for (const std::string_view text :
       {"sip:b.example", "sips:bob@b.example", "sip:bob:secret@b.example:5070",
        "sip:bob@b.example;transport=tcp;lr?subject=a", "tel:+1-201-555-0123",
        "http://b.example/a?b", "urn:service:sos", "sip:[2001:db8::1]:5061"}) {
    CAPTURE(text);
    const Result<Uri> uri = Uri::parse(text);
    REQUIRE(uri);
    const To to{.uri = *uri};
    CHECK(parsed<To>(written(to)) == to);
  }
  for (const std::string_view host : {"b.example", "192.0.2.1", "[2001:db8::1]"}) {
    CAPTURE(host);
    CHECK(Uri::sip("", host) == Uri::parse("sip:" + std::string{host}));
    CHECK(Uri::sip("bob", host) == Uri::parse("sip:bob@" + std::string{host}));
    CHECK(Uri::sip("bob", host)->scheme == "sip");
  }
  for (const std::string_view text : {"tel:+358-555-1234567", "tel:7042;phone-context=example.com",
                                      "tel:1234;phone-context=+358-555"}) {
    CAPTURE(text);
    const Result<TelUri> tel = TelUri::parse(text);
    REQUIRE(tel);
    const TelUri copied{.global = tel->global,
                        .number = tel->number,
                        .isdn_subaddress = {},
                        .extension = {},
                        .phone_context = tel->phone_context,
                        .params = {}};
    CHECK(copied.to_string() == text);
  }
  for (const std::string_view text : {"", "bob", "sip:", "sip:bob@", "sip:b.example:70000"})
    CHECK_FALSE(Uri::parse(text));
}

TEST_CASE("AddressFactoryTest.testTelURL: a local number keeps all of its signs") {
  const std::string text =
      "tel:0123456789aBcDeF*#-.();isub=12%2C3;phone-context=+1-2.3(4);odd=a-b;x";
  const Result<TelUri> tel = TelUri::parse(text);
  REQUIRE(tel);
  CHECK_FALSE(tel->global);
  CHECK(tel->number == "0123456789aBcDeF*#-.()");
  CHECK(tel->phone_context == "+1-2.3(4)");
  CHECK(tel->isdn_subaddress == "12%2C3");
  CHECK(TelUri::parse(tel->to_string()) == tel);
  CHECK_FALSE(TelUri::parse("tel:0123g;phone-context=+1"));
}

template <class H>
void list_of(std::string_view text, std::size_t size) {
  CAPTURE(text);
  const Result<Message> message =
      Message::parse("OPTIONS sip:b.example SIP/2.0\r\n" + std::string{H::name.full} + ": " +
                     std::string{text} + "\r\n\r\n");
  REQUIRE(message);
  const auto all = message->all<H>();
  REQUIRE(all);
  REQUIRE(all->size() == size);
  for (const H& each : *all) CHECK(parsed<H>(written(each)) == each);
}

TEST_CASE("HeaderFactoryTest.testHeaderFactory: a list has as many values as were written") {
  list_of<Contact>("<sip:a@b>;q=0.7;expires=60, \"A, B\" <sips:c@d>, sip:e@f", 3);
  list_of<Via>("SIP/2.0/UDP a;branch=z9hG4bK1, SIP/2.0/TCP b:5070;received=192.0.2.1", 2);
  list_of<Route>("<sip:a;lr>, <sip:b;lr>, <sip:c;lr>", 3);
  list_of<RecordRoute>("<sip:a;lr>, <sip:b;lr>", 2);
  list_of<Allow>("INVITE, ACK, BYE", 3);
  list_of<Supported>("100rel, timer", 2);
  list_of<Require>("100rel, timer", 2);
  list_of<Accept>("application/sdp;level=1, text/*;q=0.5, */*", 3);
  list_of<AcceptEncoding>("gzip, *;q=0.1", 2);
  list_of<AcceptLanguage>("da, en-gb;q=0.8, en;q=0.7", 3);
  list_of<AllowEvents>("presence, dialog", 2);
  list_of<AlertInfo>("<http://a.example/b.wav>, <http://c.example>", 2);
  list_of<Reason>("SIP;cause=600;text=\"a, b\", Q.850;cause=1", 2);
  list_of<Warning>("301 a.example \"one\", 302 b.example \"two\"", 2);
  list_of<InReplyTo>("70710@a.example, 17320@b.example", 2);
}

TEST_CASE("HeaderFactoryTest.testDate: the epoch") {
  CHECK(written(Date{}) == "Thu, 01 Jan 1970 00:00:00 GMT");
  CHECK(Date::name.full == "Date");
  CHECK(parsed<Date>("Thu, 01 Jan 1970 00:00:00 GMT") == Date{});
}

TEST_CASE("HeaderFactoryTest.testHeaderParams: without brackets parameters are of the header") {
  const Message message =
      *Message::parse("OPTIONS sip:b.example SIP/2.0\r\nm: sip:bob@b.example;q=0.5\r\n\r\n");
  const Result<Contact> contact = message.require<Contact>();
  REQUIRE(contact);
  CHECK(contact->params.has("q"));
  CHECK(contact->uri == *Uri::parse("sip:bob@b.example"));
}
TEST_CASE("HeaderFactoryTest.testHeaderParams2: so is the tag of From") {
  const Result<From> from = parsed<From>("sip:bob@b.example;tag=1928");
  REQUIRE(from);
  CHECK(from->tag() == "1928");
  CHECK(from->uri == *Uri::parse("sip:bob@b.example"));
}
TEST_CASE("HeaderFactoryTest.testHeaderParams3: also behind a tel URI") {
  const Result<From> from = parsed<From>("tel:+1-201-555-0123;tag=1928");
  REQUIRE(from);
  CHECK(from->tag() == "1928");
  CHECK(from->uri.to_string() == "tel:+1-201-555-0123");
}

Message full_request() {
  Message message = Message::request("MESSAGE", "sip:bob@b.example");
  message.add("Via", "SIP/2.0/UDP a.example;branch=z9hG4bK1");
  message.add("From", "<sip:alice@a.example>;tag=1928");
  message.add("To", "<sip:bob@b.example>");
  message.add("Call-ID", "c1");
  message.add("CSeq", "1 MESSAGE");
  message.add("Max-Forwards", "70");
  return message;
}

TEST_CASE("MessageFactoryTest.testCreateRequest: parts, body, and copies that stand alone") {
  for (const std::string_view body : {"", "v=0\r\n"}) {
    CAPTURE(body);
    Message request = full_request();
    if (!body.empty()) request.set_body("application/sdp", body);
    CHECK(request.method() == "MESSAGE");
    CHECK(request.request_uri() == "sip:bob@b.example");
    CHECK(request.require<CSeq>()->sequence == 1);
    CHECK(request.require<MaxForwards>()->hops == 70);
    CHECK(request.body() == body);
    CHECK(request.has("Content-Type") == !body.empty());
    Message of_values = Message::request("MESSAGE", "sip:bob@b.example");
    of_values.add(MaxForwards{70});
    of_values.add(*parsed<CSeq>("1 MESSAGE"));
    of_values.add("Call-ID", "c1");
    of_values.add(*parsed<To>("<sip:bob@b.example>"));
    of_values.add(*parsed<From>("<sip:alice@a.example>;tag=1928"));
    of_values.add(*parsed<Via>("SIP/2.0/UDP a.example;branch=z9hG4bK1"));
    CHECK((of_values == request) == body.empty());
    if (!body.empty()) of_values.set_body("application/sdp", body);
    CHECK(of_values == request);
    CHECK(Message::parse(request.write()) == request);
    Message response = Message::response(request, 200);
    CHECK(response.status() == 200);
    CHECK(response.body().empty());
    CHECK_FALSE(response.has("Content-Type"));
    if (!body.empty()) response.set_body("application/sdp", body);
    CHECK(response.body() == body);
    CHECK(Message::parse(response.write()) == response);
    for (const std::string_view name : {"Via", "From", "To", "Call-ID", "CSeq"})
      CHECK(response.text(name) == request.text(name));
    Message copy = request;
    CHECK(copy == request);
    copy.set_method("OPTIONS");
    CHECK_FALSE(copy == request);
    copy = request;
    copy.add(Subject{"Lunch"});
    CHECK_FALSE(copy == request);
    CHECK(request.method() == "MESSAGE");
    CHECK_FALSE(request.has<Subject>());
  }
}

TEST_CASE("MessageFactoryTest.testCreateRequest1: what is written is read as the same") {
  const Message request = full_request();
  const Result<Message> again = Message::parse(request.write());
  REQUIRE(again);
  CHECK(*again == request);
  CHECK(again->write() == request.write());
  Message other = *again;
  other.set("Max-Forwards", "69");
  CHECK_FALSE(other == request);
  CHECK_FALSE(Message::parse("MESSAGE sip:b.example\r\n\r\n"));
}

TEST_CASE(
    "MessageFactoryTest.testMessageGetMethods: every part of a message as a stranger wrote it") {
  const Message message = *Message::parse(
      "INVITE sip:bob@b.example SIP/2.0\r\nVia: SIP/2.0/UDP a.example;branch=z9hG4bK1\r\n"
      "From: <sip:alice@a.example>;tag=1\r\nTo: <sip:bob@b.example>\r\nCall-ID: c1\r\n"
      "CSeq: 7 INVITE\r\nContent-Language: en\r\nContent-Encoding: gzip\r\n"
      "Content-Disposition: session\r\nExpires: 60\r\nContent-Type: text/plain\r\n"
      "Content-Length: 2\r\n\r\nok");
  CHECK(message.method() == "INVITE");
  CHECK(message.request_uri() == "sip:bob@b.example");
  CHECK(message.require<CSeq>()->sequence == 7);
  CHECK(message.text("Content-Language") == "en");
  CHECK(message.text("Content-Encoding") == "gzip");
  CHECK(message.text("Content-Disposition") == "session");
  CHECK(message.require<Expires>()->seconds == 60);
  CHECK(message.text("Content-Length") == "2");
  CHECK(message.body() == "ok");
}

TEST_CASE("MessageFactoryTest.testGetHeaderNames: the names are those that were written") {
  Message request = full_request();
  request.set_body("text/plain", "a");
  for (const Message& message :
       {request, *Message::parse("OPTIONS sip:b.example SIP/2.0\r\nv: SIP/2.0/UDP "
                                 "a\r\nf: <sip:a@b>;tag=1\r\nt: <sip:c@d>\r\ni: c1\r\ncseq: 1 "
                                 "OPTIONS\r\nMAX-FORWARDS: 1\r\nc: a/b\r\n\r\n")}) {
    CHECK(message.names().size() >= 7);
    for (const std::string_view name :
         {"CSeq", "From", "To", "Via", "Max-Forwards", "Content-Type", "Call-ID"}) {
      CAPTURE(name);
      CHECK(message.has(name));
    }
    CHECK_FALSE(message.has("Contact"));
  }
}

TEST_CASE("MessageFactoryTest.testAddRemoveHeader: a header of nobody's comes and goes") {
  Message request = full_request();
  request.set_body("text/plain", "a");
  request.add("My-Header", "mine");
  CHECK(request.text("Via") == "SIP/2.0/UDP a.example;branch=z9hG4bK1");
  CHECK(request.text("my-header") == "mine");
  request.remove("My-Header");
  CHECK_FALSE(request.has("My-Header"));
  CHECK(request.write().find("Content-Length: 1\r\n") != std::string::npos);
}

TEST_CASE("MessageFactoryTest.testCharset: a body is bytes, whatever its charset") {
  Message request = full_request();
  request.set_body("text/plain;charset=ISO-8859-1", "\xe9\xe8");
  CHECK(request.body().size() == 2);
  CHECK(Message::parse(request.write())->body() == "\xe9\xe8");
}

}  // namespace
}  // namespace kith::sip
