#include <doctest/doctest.h>

#include "kith/sip/headers.h"
#include "kith/sip/parsed.h"

using namespace kith;
using namespace kith::sip;

// Where a header has something only in its parameters, it is set there by name, and read by a
// function that knows what it means.

TEST_CASE("javax.sip.header.AcceptEncodingHeader") {
  // AcceptEncodingHeader
  AcceptEncoding accept{.value = "gzip"};

  // NAME
  CHECK(AcceptEncoding::name.full == "Accept-Encoding");
  // setQValue(float)
  accept.params.set("q", written(QValue{700}));
  // getQValue()
  CHECK(accept.q() == QValue{700});

  CHECK(written(accept) == "gzip;q=0.7");
  CHECK_FALSE(parsed<AcceptEncoding>("gzip;q=1.1")->q());
}

TEST_CASE("javax.sip.header.AcceptHeader") {
  // AcceptHeader
  Accept accept{.type = "text", .subtype = "*"};

  // NAME
  CHECK(Accept::name.full == "Accept");
  // setQValue(float)
  accept.params.set("q", written(QValue{500}));
  // getQValue()
  CHECK(accept.q() == QValue{500});
  // allowsAllContentSubTypes()
  CHECK(accept.matches_any_subtype());
  // allowsAllContentTypes()
  CHECK_FALSE(accept.matches_all());
}

TEST_CASE("javax.sip.header.AcceptLanguageHeader") {
  // AcceptLanguageHeader
  AcceptLanguage accept{.value = "de"};

  // NAME
  CHECK(AcceptLanguage::name.full == "Accept-Language");
  // setQValue(float)
  accept.params.set("q", written(QValue{1000}));
  // getQValue()
  CHECK(accept.q() == QValue{1000});
  // setAcceptLanguage(Locale): A language tag, or `*`.
  accept.value = "en-gb";
  // getAcceptLanguage()
  CHECK(accept.value == "en-gb");
}

TEST_CASE("javax.sip.header.AlertInfoHeader") {
  const Uri tone = *Uri::parse("http://a.example/tone.wav");

  // AlertInfoHeader
  AlertInfo alert;

  // NAME
  CHECK(AlertInfo::name.full == "Alert-Info");
  // setAlertInfo(URI)
  alert.uri = tone;
  // getAlertInfo()
  CHECK(alert.uri == tone);
}

TEST_CASE("javax.sip.header.AllowEventsHeader") {
  // AllowEventsHeader
  AllowEvents allow;

  // NAME
  CHECK(AllowEvents::name.full == "Allow-Events");
  // setEventType(String)
  allow.package = "presence";
  // getEventType()
  CHECK(allow.package == "presence");
}

TEST_CASE("javax.sip.header.AllowHeader") {
  // AllowHeader
  Allow allow;

  // NAME
  CHECK(Allow::name.full == "Allow");
  // setMethod(String)
  allow.method = "INVITE";
  // getMethod()
  CHECK(allow.method == "INVITE");
}

TEST_CASE("javax.sip.header.AuthenticationInfoHeader") {
  // AuthenticationInfoHeader
  AuthenticationInfo info;

  // NAME
  CHECK(AuthenticationInfo::name.full == "Authentication-Info");
  // setNextNonce(String)
  info.params.set_quoted("nextnonce", "47364c23");
  // getNextNonce()
  CHECK(info.nextnonce() == "47364c23");
  // setQop(String)
  info.params.set("qop", "auth");
  // getQop()
  CHECK(info.qop() == "auth");
  // setCNonce(String)
  info.params.set_quoted("cnonce", "0a4f113b");
  // getCNonce()
  CHECK(info.cnonce() == "0a4f113b");
  // setNonceCount(int)
  info.params.set("nc", "0000000a");
  // getNonceCount()
  CHECK(info.nc() == 10U);
  // setResponse(String)
  info.params.set_quoted("rspauth", "6629fae4");
  // getResponse()
  CHECK(info.rspauth() == "6629fae4");

  CHECK(written(info) ==
        "nextnonce=\"47364c23\", qop=auth, cnonce=\"0a4f113b\", nc=0000000a, rspauth=\"6629fae4\"");
}

TEST_CASE("javax.sip.header.AuthorizationHeader") {
  // AuthorizationHeader
  Authorization credentials;

  // NAME
  CHECK(Authorization::name.full == "Authorization");
  // setScheme(String)
  credentials.scheme = "Digest";
  // getScheme()
  CHECK(credentials.scheme == "Digest");
  // setUsername(String)
  credentials.params.set_quoted("username", "alice");
  // getUsername()
  CHECK(credentials.username() == "alice");
  // setRealm(String)
  credentials.params.set_quoted("realm", "a.example");
  // getRealm()
  CHECK(credentials.realm() == "a.example");
  // setNonce(String)
  credentials.params.set_quoted("nonce", "dcd98b71");
  // getNonce()
  CHECK(credentials.nonce() == "dcd98b71");
  // setURI(URI)
  credentials.params.set_quoted("uri", "sip:b.example");
  // getURI(): The text, which is what the digest is made of; `Uri::parse()` takes it apart.
  CHECK(credentials.uri() == "sip:b.example");
  // setResponse(String)
  credentials.params.set_quoted("response", "6629fae4");
  // getResponse()
  CHECK(credentials.response() == "6629fae4");
}

TEST_CASE("javax.sip.header.AuthorizationHeader: what need not be there") {
  Authorization credentials{.scheme = "Digest"};

  // setAlgorithm(String)
  credentials.params.set("algorithm", "MD5");
  // getAlgorithm()
  CHECK(credentials.algorithm() == "MD5");
  // setCNonce(String)
  credentials.params.set_quoted("cnonce", "0a4f113b");
  // getCNonce()
  CHECK(credentials.cnonce() == "0a4f113b");
  // setOpaque(String)
  credentials.params.set_quoted("opaque", "5ccc069c");
  // getOpaque()
  CHECK(credentials.opaque() == "5ccc069c");
  // setQop(String)
  credentials.params.set("qop", "auth");
  // getQop()
  CHECK(credentials.qop() == "auth");
  // setNonceCount(int): Eight hexadecimal digits.
  credentials.params.set("nc", "00000001");
  // getNonceCount()
  CHECK(credentials.nc() == 1U);

  credentials.params.set("nc", "1");
  CHECK_FALSE(credentials.nc());
  CHECK_FALSE(Authorization{}.qop());
}
