#include <doctest/doctest.h>

#include <chrono>

#include "kith/sip/headers.h"
#include "kith/sip/message.h"
#include "kith/sip/parsed.h"

using namespace kith;
using namespace kith::sip;

TEST_CASE("javax.sip.header.CSeqHeader") {
  const CSeq same{4711, "INVITE"};

  // CSeqHeader
  CSeq cseq;

  // NAME
  CHECK(CSeq::name.full == "CSeq");
  // setMethod(String)
  cseq.method = "INVITE";
  // getMethod()
  CHECK(cseq.method == "INVITE");
  // setSequenceNumber(int)
  // setSeqNumber(long)
  cseq.sequence = 4711;
  // getSequenceNumber()
  // getSeqNumber()
  CHECK(cseq.sequence == 4711U);
  // equals(Object)
  CHECK((cseq == same));

  CHECK_FALSE(parsed<CSeq>("2147483648 INVITE"));
}

TEST_CASE("javax.sip.header.CallIdHeader") {
  const CallId same{"f81d4fae@a.example"};

  // CallIdHeader
  CallId call_id;

  // NAME
  CHECK(CallId::name.full == "Call-ID");
  // setCallId(String)
  call_id.value = "f81d4fae@a.example";
  // getCallId()
  CHECK(call_id.value == "f81d4fae@a.example");
  // equals(Object): Byte by byte, as RFC 3261 §20.8 has it.
  CHECK((call_id == same));

  CHECK_FALSE(parsed<CallId>("a b"));
}

TEST_CASE("javax.sip.header.CallInfoHeader") {
  const Uri photo = *Uri::parse("http://a.example/alice/photo.jpg");

  // CallInfoHeader
  CallInfo info;

  // NAME
  CHECK(CallInfo::name.full == "Call-Info");
  // setInfo(URI)
  info.uri = photo;
  // getInfo()
  CHECK(info.uri == photo);
  // setPurpose(String)
  info.params.set("purpose", "icon");
  // getPurpose()
  CHECK(info.purpose() == "icon");
}

TEST_CASE("javax.sip.header.ContactHeader") {
  // ContactHeader
  Contact contact{.uri = *Uri::parse("sip:alice@a.example")};

  // NAME
  CHECK(Contact::name.full == "Contact");
  // setExpires(int)
  contact.params.set("expires", "3600");
  // getExpires()
  CHECK(contact.expires() == 3600U);
  // setQValue(float)
  contact.params.set("q", written(QValue{700}));
  // getQValue()
  CHECK(contact.q() == QValue{700});

  CHECK(written(contact) == "<sip:alice@a.example>;expires=3600;q=0.7");

  // setWildCard()
  contact = Contact{.wildcard = true};
  // isWildCard()
  CHECK(contact.wildcard);

  CHECK(written(contact) == "*");
  CHECK_FALSE(parsed<Contact>("<sip:alice@a.example>;q=2")->q());
}

TEST_CASE("javax.sip.header.ContentDispositionHeader") {
  // ContentDispositionHeader
  ContentDisposition disposition;

  // NAME
  CHECK(ContentDisposition::name.full == "Content-Disposition");
  // SESSION
  CHECK(disposition::session == "session");
  // RENDER
  CHECK(disposition::render == "render");
  // ICON
  CHECK(disposition::icon == "icon");
  // ALERT
  CHECK(disposition::alert == "alert");
  // setDispositionType(String)
  disposition.type = "Session";
  // getDispositionType(): `disposition.is(disposition::session)` compares without regard to case.
  CHECK(disposition.type == "Session");
  // setHandling(String)
  disposition.params.set("handling", "optional");
  // getHandling()
  CHECK(disposition.handling() == "optional");

  CHECK(disposition.is(disposition::session));
}

TEST_CASE("javax.sip.header.ContentEncodingHeader") {
  // ContentEncodingHeader
  const ContentEncoding encoding{"gzip"};

  // NAME
  CHECK(ContentEncoding::name.full == "Content-Encoding");

  CHECK(encoding.is("GZIP"));
}

TEST_CASE("javax.sip.header.ContentLanguageHeader") {
  // ContentLanguageHeader
  ContentLanguage language;

  // NAME
  CHECK(ContentLanguage::name.full == "Content-Language");
  // setContentLanguage(Locale): A language tag.
  language.value = "fr";
  // getContentLanguage()
  CHECK(language.value == "fr");

  CHECK_FALSE(parsed<ContentLanguage>("fr!"));
}

TEST_CASE("javax.sip.header.ContentLengthHeader") {
  // ContentLengthHeader: A message writes it by itself.
  ContentLength length;

  // NAME
  CHECK(ContentLength::name.full == "Content-Length");
  // setContentLength(int)
  length.bytes = 349;
  // getContentLength()
  CHECK(length.bytes == 349U);

  CHECK_FALSE(parsed<ContentLength>("-1"));
}

TEST_CASE("javax.sip.header.ContentTypeHeader") {
  // ContentTypeHeader
  const ContentType type{.type = "application", .subtype = "sdp"};

  // NAME
  CHECK(ContentType::name.full == "Content-Type");

  CHECK(type.is("Application/SDP"));
}

TEST_CASE("javax.sip.header.DateHeader") {
  using namespace std::chrono;
  const sys_seconds then = sys_days{2010y / November / 13} + 23h + 29min;

  // DateHeader
  Date date;

  // NAME
  CHECK(Date::name.full == "Date");
  // setDate(Calendar)
  date = Date::of(then);
  // getDate()
  CHECK(date.utc() == then);

  CHECK(written(date) == "Sat, 13 Nov 2010 23:29:00 GMT");
}

TEST_CASE("javax.sip.header.Encoding") {
  // Encoding: A member of the two headers that have one.
  AcceptEncoding encoding;

  // setEncoding(String)
  encoding.value = "gzip";
  // getEncoding()
  CHECK(encoding.value == "gzip");
}

TEST_CASE("javax.sip.header.ErrorInfoHeader") {
  const Uri announcement = *Uri::parse("sip:announcement10@a.example");

  // ErrorInfoHeader
  ErrorInfo info;

  // NAME
  CHECK(ErrorInfo::name.full == "Error-Info");
  // setErrorInfo(URI)
  info.uri = announcement;
  // getErrorInfo()
  CHECK(info.uri == announcement);
  // setErrorMessage(String)
  info.params.set_quoted("message", "not in service");
  // getErrorMessage()
  CHECK(info.message() == "not in service");
}

TEST_CASE("javax.sip.header.EventHeader") {
  // EventHeader
  Event event;

  // NAME
  CHECK(Event::name.full == "Event");
  // setEventType(String)
  event.package = "presence.winfo";
  // getEventType(): `event.event_package()` has it without its templates.
  CHECK(event.package == "presence.winfo");
  // setEventId(String)
  event.params.set("id", "7");
  // getEventId()
  CHECK(event.id() == "7");
}

TEST_CASE("javax.sip.header.ExpiresHeader") {
  // ExpiresHeader
  Expires expires;

  // NAME
  CHECK(Expires::name.full == "Expires");
  // setExpires(int)
  expires.seconds = 600;
  // getExpires()
  CHECK(expires.seconds == 600U);
}

TEST_CASE("javax.sip.header.ExtensionHeader") {
  Message message = Message::request("OPTIONS", "sip:a.example");

  // ExtensionHeader: A header without a type is a name and a value of the message.
  message.add("X-Color", "green");

  // setValue(String)
  message.set("X-Color", "blue");
  // getValue()
  CHECK(message.text("X-Color") == "blue");
}
