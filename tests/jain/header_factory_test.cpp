#include <doctest/doctest.h>

#include "kith/sip/any_header.h"
#include "kith/sip/headers.h"
#include "kith/sip/parsed.h"

using namespace kith;
using namespace kith::sip;

// A header that is created is a value; with the text of a stranger it is parsed<H>(text), which may
// be refused. That each is what JAIN SIP's factory would have made is said by what it writes.

namespace {

template <Header H>
std::string line(const H& header) {
  return std::string{H::name.full} + ": " + written(header);
}

}  // namespace

TEST_CASE("javax.sip.header.HeaderFactory") {
  // HeaderFactory: None. Values need no factory.

  // createHeader(String, String): For names that come at run time, full or compact, known or not;
  // of a type that is known when the program is written it is `parsed<Contact>(value)`.
  const ReadHeader header = read_header("m", "<sip:a@b.example>;q=0.70");
  CHECK(header.name == "Contact");
  CHECK(header.values == std::vector<std::string>{"<sip:a@b.example>;q=0.70"});
  CHECK(read_header("X-Color", "green").values == std::vector<std::string>{"green"});

  // createHeaders(String)
  const ReadHeader headers = read_header_line("Supported: 100rel, gruu");
  CHECK(headers.values == std::vector<std::string>{"100rel", "gruu"});
  CHECK(read_header_line("CSeq: INVITE").error);
}

TEST_CASE("javax.sip.header.HeaderFactory: of a token or a text") {
  // createAcceptEncodingHeader(String)
  CHECK(line(AcceptEncoding{.value = "gzip"}) == "Accept-Encoding: gzip");
  // createAcceptLanguageHeader(Locale)
  CHECK(line(AcceptLanguage{.value = "de"}) == "Accept-Language: de");
  // createAllowEventsHeader(String)
  CHECK(line(AllowEvents{"presence"}) == "Allow-Events: presence");
  // createAllowHeader(String)
  CHECK(line(Allow{"INVITE"}) == "Allow: INVITE");
  // createCallIdHeader(String)
  CHECK(line(CallId{"f81d4fae@a.example"}) == "Call-ID: f81d4fae@a.example");
  // createContentDispositionHeader(String)
  CHECK(line(ContentDisposition{.type = "session"}) == "Content-Disposition: session");
  // createContentEncodingHeader(String)
  CHECK(line(ContentEncoding{"gzip"}) == "Content-Encoding: gzip");
  // createContentLanguageHeader(Locale)
  CHECK(line(ContentLanguage{"fr"}) == "Content-Language: fr");
  // createEventHeader(String)
  CHECK(line(Event{.package = "presence"}) == "Event: presence");
  // createInReplyToHeader(String)
  CHECK(line(InReplyTo{"70710@a.example"}) == "In-Reply-To: 70710@a.example");
  // createOrganizationHeader(String)
  CHECK(line(Organization{"Boxes by Bob"}) == "Organization: Boxes by Bob");
  // createPriorityHeader(String)
  CHECK(line(Priority{"urgent"}) == "Priority: urgent");
  // createProxyRequireHeader(String)
  CHECK(line(ProxyRequire{"sec-agree"}) == "Proxy-Require: sec-agree");
  // createRequireHeader(String)
  CHECK(line(Require{"100rel"}) == "Require: 100rel");
  // createServerHeader(List)
  CHECK(line(Server{"Kith/0.1 (Debian)"}) == "Server: Kith/0.1 (Debian)");
  // createSIPETagHeader(String)
  CHECK(line(SipETag{"dx200xyz"}) == "SIP-ETag: dx200xyz");
  // createSIPIfMatchHeader(String)
  CHECK(line(SipIfMatch{"dx200xyz"}) == "SIP-If-Match: dx200xyz");
  // createSubjectHeader(String)
  CHECK(line(Subject{"Lunch"}) == "Subject: Lunch");
  // createSubscriptionStateHeader(String)
  CHECK(line(SubscriptionState{.state = "active"}) == "Subscription-State: active");
  // createSupportedHeader(String)
  CHECK(line(Supported{"100rel"}) == "Supported: 100rel");
  // createUnsupportedHeader(String)
  CHECK(line(Unsupported{"foo"}) == "Unsupported: foo");
  // createUserAgentHeader(List)
  CHECK(line(UserAgent{"Softphone Beta1.5"}) == "User-Agent: Softphone Beta1.5");
}

TEST_CASE("javax.sip.header.HeaderFactory: of a URI or an address") {
  const Uri uri = *Uri::parse("sip:a@b.example");

  // createAlertInfoHeader(URI)
  CHECK(line(AlertInfo{.uri = uri}) == "Alert-Info: <sip:a@b.example>");
  // createCallInfoHeader(URI)
  CHECK(line(CallInfo{.uri = uri}) == "Call-Info: <sip:a@b.example>");
  // createErrorInfoHeader(URI)
  CHECK(line(ErrorInfo{.uri = uri}) == "Error-Info: <sip:a@b.example>");
  // createContactHeader(Address)
  CHECK(line(Contact{.display_name = "A", .uri = uri}) == "Contact: \"A\" <sip:a@b.example>");
  // createContactHeader()
  CHECK(line(Contact{.wildcard = true}) == "Contact: *");
  // createRecordRouteHeader(Address)
  CHECK(line(RecordRoute{.uri = uri}) == "Record-Route: <sip:a@b.example>");
  // createReferToHeader(Address)
  CHECK(line(ReferTo{.uri = uri}) == "Refer-To: <sip:a@b.example>");
  // createReplyToHeader(Address)
  CHECK(line(ReplyTo{.uri = uri}) == "Reply-To: <sip:a@b.example>");
  // createRouteHeader(Address)
  CHECK(line(Route{.uri = uri}) == "Route: <sip:a@b.example>");

  // createFromHeader(Address, String)
  From from{.display_name = "A", .uri = uri};
  from.params.set("tag", "1928");
  CHECK(line(from) == "From: \"A\" <sip:a@b.example>;tag=1928");

  // createToHeader(Address, String)
  To to{.display_name = "A", .uri = uri};
  to.params.set("tag", "287447");
  CHECK(line(to) == "To: \"A\" <sip:a@b.example>;tag=287447");
}

TEST_CASE("javax.sip.header.HeaderFactory: of a scheme") {
  // createAuthenticationInfoHeader(String)
  AuthenticationInfo info;
  info.params.set_quoted("rspauth", "6629fae4");
  CHECK(line(info) == "Authentication-Info: rspauth=\"6629fae4\"");

  // createAuthorizationHeader(String)
  Authorization authorization{.scheme = "Digest"};
  CHECK(authorization.scheme == "Digest");

  // createProxyAuthenticateHeader(String)
  ProxyAuthenticate proxy_authenticate{.scheme = "Digest"};
  CHECK(proxy_authenticate.scheme == "Digest");

  // createProxyAuthorizationHeader(String)
  ProxyAuthorization proxy_authorization{.scheme = "Digest"};
  CHECK(proxy_authorization.scheme == "Digest");

  // createWWWAuthenticateHeader(String)
  WwwAuthenticate www_authenticate{.scheme = "Digest"};
  CHECK(www_authenticate.scheme == "Digest");
}

TEST_CASE("javax.sip.header.HeaderFactory: of numbers") {
  using namespace std::chrono;

  // createContentLengthHeader(int)
  CHECK(line(ContentLength{349}) == "Content-Length: 349");
  // createDateHeader(Calendar)
  CHECK(line(Date::of(sys_seconds{0s})) == "Date: Thu, 01 Jan 1970 00:00:00 GMT");
  // createExpiresHeader(int)
  CHECK(line(Expires{600}) == "Expires: 600");
  // createMaxForwardsHeader(int)
  CHECK(line(MaxForwards{70}) == "Max-Forwards: 70");
  // createMimeVersionHeader(int, int)
  CHECK(line(MimeVersion{1, 0}) == "MIME-Version: 1.0");
  // createMinExpiresHeader(int)
  CHECK(line(MinExpires{60}) == "Min-Expires: 60");
  // createRSeqHeader(int)
  CHECK(line(RSeq{988789}) == "RSeq: 988789");
  // createRetryAfterHeader(int)
  CHECK(line(RetryAfter{.seconds = 18000}) == "Retry-After: 18000");

  // createTimeStampHeader(float)
  Timestamp timestamp;
  timestamp.set_time(54s);
  CHECK(line(timestamp) == "Timestamp: 54");
}

TEST_CASE("javax.sip.header.HeaderFactory: of several parts") {
  // createAcceptHeader(String, String)
  CHECK(line(Accept{.type = "text", .subtype = "plain"}) == "Accept: text/plain");
  // createContentTypeHeader(String, String)
  CHECK(line(ContentType{.type = "text", .subtype = "plain"}) == "Content-Type: text/plain");
  // createCSeqHeader(int, String)
  // createCSeqHeader(long, String)
  CHECK(line(CSeq{4711, "INVITE"}) == "CSeq: 4711 INVITE");
  // createRAckHeader(int, int, String)
  CHECK(line(RAck{776656, 1, "INVITE"}) == "RAck: 776656 1 INVITE");
  // createWarningHeader(String, int, String)
  CHECK(line(Warning{307, "a.example", "Why"}) == "Warning: 307 a.example \"Why\"");

  // createReasonHeader(String, int, String)
  Reason reason{.protocol = "SIP"};
  reason.params.set("cause", "600");
  reason.params.set_quoted("text", "Busy");
  CHECK(line(reason) == "Reason: SIP;cause=600;text=\"Busy\"");

  // createViaHeader(String, int, String, String)
  Via via{.transport = "UDP", .host = "a.example", .port = 5060};
  via.params.set("branch", "z9hG4bK87asdks7");
  CHECK(line(via) == "Via: SIP/2.0/UDP a.example:5060;branch=z9hG4bK87asdks7");
}

TEST_CASE("javax.sip.header.HeaderFactory: what its exceptions were for is refused") {
  CHECK_FALSE(parsed<Allow>("IN VITE"));
  CHECK_FALSE(parsed<CallId>("a@b@c"));
  CHECK_FALSE(parsed<CSeq>("-1 INVITE"));
  CHECK_FALSE(parsed<CSeq>("1"));
  CHECK_FALSE(parsed<Date>("yesterday"));
  CHECK_FALSE(parsed<Event>(""));
  CHECK_FALSE(parsed<Expires>("soon", Mode::strict));
  CHECK_FALSE(parsed<MimeVersion>("1"));
  CHECK_FALSE(parsed<RAck>("1 2"));
  CHECK_FALSE(parsed<Require>("a b"));
  CHECK_FALSE(parsed<SipETag>(""));
  CHECK_FALSE(parsed<Timestamp>("-1"));
  CHECK_FALSE(parsed<Via>("SIP/2.0/UDP a.example:65536"));
  CHECK_FALSE(parsed<WwwAuthenticate>("Digest"));
}
