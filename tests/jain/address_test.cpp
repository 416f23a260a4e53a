#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "kith/base/flow.h"
#include "kith/sip/header/contact.h"
#include "kith/sip/header/route.h"
#include "kith/sip/header/to.h"
#include "kith/sip/message.h"
#include "kith/sip/parsed.h"
#include "kith/sip/tel_uri.h"
#include "kith/sip/uri.h"
#include "kith/sip/uri_headers.h"

using namespace kith;
using namespace kith::sip;

TEST_CASE("javax.sip.address.Address") {
  const Uri uri = *Uri::parse("sip:bob@b.example");

  // Address: An address is two members of the header that holds it, as here To.
  To to{.display_name = "Bob", .uri = uri};

  // setDisplayName(String): Without quotes and escapes, which are written where they are needed.
  to.display_name = "Bob \"B\"";
  // getDisplayName()
  CHECK(to.display_name == "Bob \"B\"");
  // setURI(URI)
  to.uri = uri;
  // getURI()
  CHECK(to.uri == uri);
  // toString()
  CHECK(written(to) == "\"Bob \\\"B\\\"\" <sip:bob@b.example>");
  // clone()
  const To copy = to;
  // equals(Object): The URI and the parameters; `==` compares all text, the display name too.
  CHECK(equivalent(to, copy));
  // hashCode(): None. What is equivalent is not so transitively; `address_of_record(to.uri)` and
  // `to.uri.normalized()` are keys.

  const Contact contact{.wildcard = true};
  // isWildcard(): Of a Contact, which is the only header that may be `*`.
  CHECK(contact.wildcard);
}

TEST_CASE("javax.sip.address.AddressFactory") {
  const Uri uri = *Uri::parse("sip:bob@b.example");

  // AddressFactory: None. Values need no factory.

  // createURI(String)
  CHECK(Uri::parse("sip:bob@b.example") == uri);
  // createSipURI(String, String)
  CHECK(Uri::sip("bob", "b.example") == uri);
  // createTelURL(String)
  const Result<TelUri> tel = TelUri::parse("tel:+1-201-555-0123");
  CHECK(tel->global);
  // createAddress(String): As the header that it is for; an address without a header is none.
  const Result<To> to = parsed<To>("Bob <sip:bob@b.example>");
  CHECK(to->display_name == "Bob");

  // createAddress(URI)
  CHECK(To{.uri = uri} == *parsed<To>("<sip:bob@b.example>"));
  // createAddress(String, URI)
  CHECK(To{.display_name = "Bob", .uri = uri} == *to);

  CHECK_FALSE(Uri::parse("no URI"));
  CHECK_FALSE(Uri::sip("bob", "b_!.example"));
  CHECK_FALSE(parsed<To>("Bob sip:bob@b.example"));
}

TEST_CASE("javax.sip.address.Hop") {
  // Hop: Where bytes came from, and where others go.
  Flow hop;

  hop.transport = Transport::tcp;
  hop.remote = Address::v4(192, 0, 2, 1, 5060);

  // getHost()
  CHECK(hop.remote.host() == "192.0.2.1");
  // getPort()
  CHECK(hop.remote.port == 5060);
  // getTransport()
  CHECK(to_string(hop.transport) == "TCP");
  // toString()
  CHECK(hop.remote.text() == "192.0.2.1:5060");
}

TEST_CASE("javax.sip.address.Router") {
  Message request = Message::request("INVITE", "sip:bob@b.example");
  request.add("Route", "<sip:p1.example;lr>, <sip:p2.example;lr>");

  // Router: None. What is sent is sent where its caller says; nothing calls back to ask.

  // getOutboundProxy(): A proxy for everything is the first Route.
  request.prepend(Route{.uri = *Uri::parse("sip:proxy.example;lr")});
  // getNextHops(Request)
  const Result<std::vector<Route>> routes = request.all<Route>();
  CHECK(routes->size() == 3);
  // getNextHop(Request): RFC 3261 §8.1.2: the first Route; without one, `request.request_uri()`.
  CHECK(request.get<Route>() == parsed<Route>("<sip:proxy.example;lr>"));
}

TEST_CASE("javax.sip.address.SipURI") {
  // SipURI: `Uri` holds URIs of any scheme.
  Uri uri = *Uri::sip("alice", "a.example");

  // setUser(String)
  uri.user = escape_user("al ice");
  // getUser()
  CHECK(unescape(uri.user) == "al ice");
  // setUserPassword(String)
  uri.password = "secret";
  // getUserPassword()
  CHECK(uri.password == "secret");
  // setSecure(boolean)
  uri.scheme = "sips";
  // isSecure()
  CHECK((uri.scheme == "sips"));
  // setHost(String): Text that is judged when it is read; `Uri::sip()` judges it at once.
  uri.host = "[2001:db8::1]";
  // getHost()
  CHECK(uri.host == "[2001:db8::1]");
  // setPort(int)
  uri.port = 5070;
  // getPort()
  CHECK(uri.port == 5070);
  // toString()
  CHECK(uri.to_string() == "sips:al%20ice:secret@[2001:db8::1]:5070");
  // removePort()
  uri.port.reset();
  CHECK_FALSE(uri.port);
}

TEST_CASE("javax.sip.address.SipURI: headers") {
  Uri uri = *Uri::parse("sip:a.example?Priority=urgent");

  // setHeader(String, String)
  uri.set_header("Subject", "a lunch");
  // getHeader(String)
  CHECK(uri.find_header("subject") == "a%20lunch");

  // getHeaderNames()
  CHECK(header_names(uri) == std::vector<std::string>{"Priority", "Subject"});
}

TEST_CASE("javax.sip.address.SipURI: parameters") {
  Uri uri = *Uri::parse("sip:a.example");

  // setTransportParam(String)
  uri.params.set("transport", "tcp");
  // getTransportParam()
  CHECK(uri.transport() == "tcp");
  // setTTLParam(int)
  uri.params.set("ttl", "16");
  // getTTLParam()
  CHECK(uri.ttl() == 16);
  // setMethodParam(String)
  uri.params.set("method", "INVITE");
  // getMethodParam()
  CHECK(uri.method() == "INVITE");
  // setUserParam(String)
  uri.params.set("user", "phone");
  // getUserParam()
  CHECK(uri.user_type() == "phone");
  // setMAddrParam(String)
  uri.params.set("maddr", "239.255.255.1");
  // getMAddrParam()
  CHECK(uri.maddr() == "239.255.255.1");
  // setLrParam()
  uri.params.set("lr");
  // hasLrParam()
  CHECK(uri.lr());

  uri.params.set("ttl", "256");
  CHECK_FALSE(uri.ttl());
}

TEST_CASE("javax.sip.address.TelURL") {
  // TelURL
  TelUri tel = *TelUri::parse("tel:7042;phone-context=example.com");

  // setGlobal(boolean)
  tel.global = true;
  // isGlobal()
  CHECK(tel.global);
  // setPhoneNumber(String)
  tel.number = "1-201-555-0123";
  // getPhoneNumber(): `tel.digits()` has it without its visual separators.
  CHECK(tel.number == "1-201-555-0123");
  // setIsdnSubAddress(String)
  tel.isdn_subaddress = "5";
  // getIsdnSubAddress()
  CHECK(tel.isdn_subaddress == "5");
  // setPhoneContext(String)
  tel.phone_context = "+49-30";
  // getPhoneContext()
  CHECK(tel.phone_context == "+49-30");
  // setPostDial(String): RFC 3966 no longer has it, so it is a parameter as any other.
  tel.params.set("postd", "p22");
  // getPostDial()
  CHECK(tel.params.find("postd") == "p22");
  // toString()
  CHECK(tel.to_string() == "tel:+1-201-555-0123;isub=5;phone-context=+49-30;postd=p22");
}

TEST_CASE("javax.sip.address.URI") {
  // URI
  const Uri uri = *Uri::parse("urn:service:sos");

  // getScheme()
  CHECK(uri.scheme == "urn");
  // isSipURI()
  CHECK_FALSE(uri.is_sip());
  // clone()
  const Uri copy = uri;
  // toString()
  CHECK(copy.to_string() == "urn:service:sos");
}
