#include "kith/sip/message.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "kith/sip/check.h"
#include "kith/sip/headers.h"
#include "kith/sip/message_build.h"
#include "kith/sip/method.h"
#include "kith/sip/multipart.h"
#include "kith/sip/parsed.h"
#include "kith/sip/status_code.h"

using namespace kith;
using namespace kith::sip;

using Names = std::vector<std::string_view>;

namespace {

/// An INVITE as a stranger sends it.
Message invite() {
  return *Message::parse(
      "INVITE sip:bob@b.example SIP/2.0\r\n"
      "Via: SIP/2.0/UDP p.example;branch=z9hG4bK2, SIP/2.0/UDP a.example;branch=z9hG4bK1\r\n"
      "From: <sip:alice@a.example>;tag=1928\r\n"
      "To: <sip:bob@b.example>\r\n"
      "Call-ID: a84b4c76e66710@a.example\r\n"
      "CSeq: 1 INVITE\r\n"
      "Max-Forwards: 70\r\n"
      "Contact: <sip:alice@192.0.2.4>\r\n"
      "Subject: Lunch\r\n"
      "Date: yesterday\r\n\r\n");
}

}  // namespace

TEST_CASE("javax.sip.message.Message") {
  const std::string bytes = "OPTIONS sip:b.example SIP/2.0\r\nSubject: Lunch\r\n\r\n";

  // Message: Requests and responses are one type; `message.is_request()` tells.
  Message message = *Message::parse(bytes);

  // clone()
  const Message copy = message;
  // equals(Object): `identical(a, b)` compares bytes, `same_transaction_fields(a, b)` what JAIN
  // says.
  CHECK((message == copy));
  // hashCode(): None. The bytes of `message.write()` are a key where one is needed.

  // toString(): The very bytes that were read, as long as nothing was changed.
  CHECK(message.write() == bytes);

  // getSIPVersion(): None. It is always SIP/2.0; another is refused, and answered 505.

  // setSIPVersion(String): None. It is always SIP/2.0.

  CHECK(Message::parse("OPTIONS sip:b.example SIP/3.0\r\n\r\n").error().where == "SIP-Version");
  message.set(Subject{"Supper"});
  CHECK_FALSE((message == copy));
}

TEST_CASE("javax.sip.message.Message: headers that are put in") {
  Message message = invite();
  const Via top = *parsed<Via>("SIP/2.0/UDP q.example;branch=z9hG4bK3");

  // addHeader(Header): A Via or a Record-Route goes on top: `prepend()`.
  message.add(Supported{"100rel"});
  CHECK(message.text("Supported") == "100rel");

  // addLast(Header)
  message.add(Supported{"gruu"});
  CHECK(message.last<Supported>() == Supported{"gruu"});

  // addFirst(Header)
  message.prepend(top);
  CHECK(message.get<Via>() == top);

  // setHeader(Header): All of that name are replaced; `replace_first()` leaves the others.
  message.set(Supported{"timer"});
  CHECK(message.all<Supported>() == std::vector{Supported{"timer"}});

  message.set(CSeq{1, "IN VITE"});
  CHECK(message.get<CSeq>().error().where == "CSeq");
  message.add(Subject{"Supper"});
  CHECK(message.get<Subject>().error().fault == Fault::duplicate);
}

TEST_CASE("javax.sip.message.Message: headers that are taken out") {
  Message message = invite();

  // removeFirst(String): By type: `message.remove_first<Via>()`.
  message.remove_first("Via");
  CHECK(message.text("Via") == "SIP/2.0/UDP a.example;branch=z9hG4bK1");

  message.add("Via", "SIP/2.0/UDP q.example;branch=z9hG4bK3");
  // removeLast(String)
  message.remove_last("Via");
  CHECK(message.texts("Via").size() == 1);

  // removeHeader(String)
  message.remove("Via");
  CHECK_FALSE(message.has("Via"));
}

TEST_CASE("javax.sip.message.Message: headers that are looked for") {
  const Message message = invite();

  // getHeaderNames()
  CHECK(message.names() == Names{"Via", "From", "To", "Call-ID", "CSeq", "Max-Forwards", "Contact",
                                 "Subject", "Date"});
  // getHeaders(String): By name the lines are `message.texts("Via")`.
  const Result<std::vector<Via>> vias = message.all<Via>();
  CHECK(vias->size() == 2);
  // getHeader(String): By name it is the text: `message.text("Subject")`.
  CHECK(message.get<Subject>() == Subject{"Lunch"});
  // getUnrecognizedHeaders(): What is malformed stays where it is, is an Error when it is asked for
  // by type, and is found by `check()`, with everything else that is wrong.
  const std::vector<Problem> problems = check(message);
  CHECK(problems.front().error.where == "Date");

  CHECK(message.texts("Via").size() == 1);
  CHECK_FALSE(message.get<Date>());
  CHECK_FALSE(message.get<Expires>().value());
}

TEST_CASE("javax.sip.message.Message: headers of the body") {
  Message message = invite();
  message.set_body("text/plain", "Hi");

  // setContentLength(ContentLengthHeader): None. It is as long as the body is, and is written so.

  // getContentLength()
  CHECK(message.get<ContentLength>() == ContentLength{2});
  // setContentLanguage(ContentLanguageHeader)
  message.set(ContentLanguage{"en"});
  // getContentLanguage()
  CHECK(message.get<ContentLanguage>() == ContentLanguage{"en"});
  // setContentEncoding(ContentEncodingHeader)
  message.set(ContentEncoding{"gzip"});
  // getContentEncoding(): `decoded_body(message)` undoes it.
  CHECK(message.get<ContentEncoding>() == ContentEncoding{"gzip"});
  // setContentDisposition(ContentDispositionHeader)
  message.set(ContentDisposition{.type = "render"});
  // getContentDisposition()
  CHECK(message.get<ContentDisposition>() == ContentDisposition{.type = "render"});
  // setExpires(ExpiresHeader)
  message.set(Expires{600});
  // getExpires()
  CHECK(message.get<Expires>() == Expires{600});
}

TEST_CASE("javax.sip.message.Message: the body") {
  Message message = invite();

  // setContent(Object, ContentTypeHeader): Bytes, in the charset that the type says.
  message.set_body("text/plain;charset=UTF-8", "Hi");
  // getRawContent()
  CHECK(message.body() == "Hi");
  // getContent(): Bytes as well; `Multipart::parse(message)` takes apart one of several parts.
  CHECK(message.body() == "Hi");

  CHECK(message.get<ContentType>().value()->is("text/plain"));
  CHECK_FALSE(Multipart::parse(message));

  // removeContent(): And the headers that described it.
  message.remove_body();
  CHECK(message.body() == "");
  CHECK_FALSE(message.has<ContentType>());
}

TEST_CASE("javax.sip.message.MessageFactory") {
  const Uri bob = *Uri::parse("sip:bob@b.example");
  const From alice = *parsed<From>("<sip:alice@a.example>");
  const Via via = *parsed<Via>("SIP/2.0/UDP a.example");

  // MessageFactory: None. Values need no factory.

  // createRequest(URI, String, CallIdHeader, CSeqHeader, FromHeader, ToHeader, List,
  // MaxForwardsHeader): To is the Request-URI if it is left out; more Vias are added.
  Message request = build({.method = method::invite,
                           .uri = bob,
                           .from = alice,
                           .via = via,
                           .branch = "z9hG4bK1",
                           .from_tag = "1928",
                           .call_id = "a84b4c76e66710",
                           .sequence = 1,
                           .max_forwards = 70});
  CHECK(request.get<CSeq>().value() == CSeq{1, "INVITE"});
  CHECK(request.get<To>() == To{.uri = bob});

  // createRequest(URI, String, CallIdHeader, CSeqHeader, FromHeader, ToHeader, List,
  // MaxForwardsHeader, ContentTypeHeader, Object): The same, and then its body.
  // createRequest(URI, String, CallIdHeader, CSeqHeader, FromHeader, ToHeader, List,
  // MaxForwardsHeader, ContentTypeHeader, byte[]): The same, and then its body.
  request.set_body("application/sdp", "v=0\r\n");
  CHECK(request.body() == "v=0\r\n");

  const std::string bytes = "OPTIONS sip:b.example SIP/2.0\r\n\r\n";
  // createRequest(String): JAIN SIP makes a keep-alive of empty text; here the Framer tells of one.
  const Result<Message> read = Message::parse(bytes, Mode::strict);
  CHECK(read->is_request());

  const std::string answer_bytes = "SIP/2.0 200 OK\r\n\r\n";
  // createResponse(String)
  const Result<Message> answer = Message::parse(answer_bytes);
  CHECK(answer->status() == status_code::ok);

  CHECK_FALSE(Message::parse(""));
  CHECK_FALSE(Message::parse("no message\r\n\r\n"));
}

TEST_CASE("javax.sip.message.MessageFactory: responses") {
  const Message request = invite();

  // createResponse(int, Request): Via, From, To, Call-ID and CSeq are those of the request; the tag
  // of To is for the caller.
  // createResponse(int, CallIdHeader, CSeqHeader, FromHeader, ToHeader, List, MaxForwardsHeader):
  // There is no response without its request, which has these parts.
  Message response = Message::response(request, status_code::ok);
  CHECK(response.all<Via>() == request.all<Via>());
  CHECK(response.reason() == "OK");

  // createResponse(int, Request, ContentTypeHeader, Object): The same, and then its body.
  // createResponse(int, Request, ContentTypeHeader, byte[]): The same, and then its body.
  // createResponse(int, CallIdHeader, CSeqHeader, FromHeader, ToHeader, List, MaxForwardsHeader,
  // ContentTypeHeader, Object): The same, and then its body.
  // createResponse(int, CallIdHeader, CSeqHeader, FromHeader, ToHeader, List, MaxForwardsHeader,
  // ContentTypeHeader, byte[]): The same, and then its body.
  response.set_body("text/plain", "Hi");
  CHECK(response.body() == "Hi");
}

TEST_CASE("javax.sip.message.Request") {
  // Request
  Message request = Message::request(method::invite, "sip:bob@b.example");
  request.set(CSeq{1, "INVITE"});

  // setMethod(String): CSeq goes along.
  request.set_method(method::options);
  // getMethod()
  CHECK(request.method() == "OPTIONS");
  // setRequestURI(URI)
  request.set_request_uri("sip:carol@c.example");
  // getRequestURI(): The text; `Uri::parse()` takes it apart.
  CHECK(request.request_uri() == "sip:carol@c.example");

  CHECK(request.get<CSeq>().value() == CSeq{1, "OPTIONS"});
}

TEST_CASE("javax.sip.message.Request: constants") {
  // ACK
  CHECK(method::ack == "ACK");
  // BYE
  CHECK(method::bye == "BYE");
  // CANCEL
  CHECK(method::cancel == "CANCEL");
  // INVITE
  CHECK(method::invite == "INVITE");
  // OPTIONS
  CHECK(method::options == "OPTIONS");
  // REGISTER: `register` is a word of C++.
  CHECK(method::register_ == "REGISTER");
  // NOTIFY
  CHECK(method::notify == "NOTIFY");
  // SUBSCRIBE
  CHECK(method::subscribe == "SUBSCRIBE");
  // MESSAGE
  CHECK(method::message == "MESSAGE");
  // REFER
  CHECK(method::refer == "REFER");
  // INFO
  CHECK(method::info == "INFO");
  // PRACK
  CHECK(method::prack == "PRACK");
  // UPDATE
  CHECK(method::update == "UPDATE");
  // PUBLISH
  CHECK(method::publish == "PUBLISH");
}
