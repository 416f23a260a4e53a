#include <doctest/doctest.h>

#include "kith/sip/headers.h"
#include "kith/sip/parsed.h"

using namespace kith;
using namespace kith::sip;

TEST_CASE("javax.sip.header.ViaHeader") {
  const Via same = *parsed<Via>("sip/2.0/tcp A.EXAMPLE:5070");

  // ViaHeader
  Via via;

  // NAME
  CHECK(Via::name.full == "Via");
  // setHost(String)
  via.host = "a.example";
  // getHost()
  CHECK(via.host == "a.example");
  // setPort(int)
  via.port = 5070;
  // getPort()
  CHECK(via.port == 5070);
  // setTransport(String)
  via.transport = "TCP";
  // getTransport()
  CHECK(via.transport == "TCP");
  // setProtocol(String)
  via.protocol = "SIP/2.0";
  // getProtocol()
  CHECK(via.protocol == "SIP/2.0");
  // equals(Object)
  CHECK(equivalent(via, same));

  CHECK(written(via) == "SIP/2.0/TCP a.example:5070");
}

TEST_CASE("javax.sip.header.ViaHeader: parameters") {
  Via via{.transport = "UDP", .host = "a.example"};

  // setTTL(int)
  via.params.set("ttl", "16");
  // getTTL()
  CHECK(via.ttl() == 16);
  // setMAddr(String)
  via.params.set("maddr", "224.2.0.1");
  // getMAddr()
  CHECK(via.maddr() == "224.2.0.1");
  // setReceived(String)
  via.params.set("received", "192.0.2.1");
  // getReceived()
  CHECK(via.received() == "192.0.2.1");
  // setBranch(String)
  via.params.set("branch", "z9hG4bKa7c6a8dlze.1");
  // getBranch()
  CHECK(via.branch() == "z9hG4bKa7c6a8dlze.1");
  // setRPort(): Asks for the port; `via.params.set("rport", "5070")` answers.
  via.params.set("rport");
  CHECK(via.rport().state == RPort::State::asked_for);

  via.params.set("rport", "5070");

  // getRPort()
  CHECK(via.rport().port == 5070);

  via.params.set("ttl", "256");
  CHECK_FALSE(via.ttl());
}

TEST_CASE("javax.sip.header.WWWAuthenticateHeader") {
  // WWWAuthenticateHeader
  WwwAuthenticate challenge;

  // NAME
  CHECK(WwwAuthenticate::name.full == "WWW-Authenticate");
  // setScheme(String)
  challenge.scheme = "Digest";
  // getScheme()
  CHECK(challenge.scheme == "Digest");
  // setRealm(String)
  challenge.params.set_quoted("realm", "a.example");
  // getRealm()
  CHECK(challenge.realm() == "a.example");
  // setNonce(String)
  challenge.params.set_quoted("nonce", "f84f1cec");
  // getNonce()
  CHECK(challenge.nonce() == "f84f1cec");
  // setURI(URI): RFC 7616 has none in a challenge, so it is a parameter as any other.
  challenge.params.set_quoted("uri", "sip:a.example");
  // getURI()
  CHECK(challenge.params.find("uri") == "sip:a.example");
  // setAlgorithm(String)
  challenge.params.set("algorithm", "SHA-256");
  // getAlgorithm()
  CHECK(challenge.algorithm() == "SHA-256");
  // setQop(String)
  challenge.params.set_quoted("qop", "auth,auth-int");
  // getQop(): `challenge.offers_qop("auth")` asks for one of the list.
  CHECK(challenge.qop() == "auth,auth-int");
  // setOpaque(String)
  challenge.params.set_quoted("opaque", "5ccc069c");
  // getOpaque()
  CHECK(challenge.opaque() == "5ccc069c");
  // setDomain(String)
  challenge.params.set_quoted("domain", "sip:b.example");
  // getDomain()
  CHECK(challenge.domain() == "sip:b.example");
  // setStale(boolean)
  challenge.params.set("stale", "TRUE");
  // isStale()
  CHECK(challenge.stale());

  CHECK(challenge.offers_qop("auth-int"));
  CHECK_FALSE(WwwAuthenticate{}.stale());
}

TEST_CASE("javax.sip.header.WarningHeader") {
  // WarningHeader
  Warning warning;

  // NAME
  CHECK(Warning::name.full == "Warning");
  // setCode(int)
  warning.code = warning_code::incompatible_bandwidth_units;
  // getCode()
  CHECK(warning.code == 303);
  // setAgent(String)
  warning.agent = "a.example";
  // getAgent()
  CHECK(warning.agent == "a.example");
  // setText(String)
  warning.text = "what is a baud?";
  // getText()
  CHECK(warning.text == "what is a baud?");

  CHECK(written(warning) == "303 a.example \"what is a baud?\"");
  CHECK_FALSE(parsed<Warning>("99 a.example \"too small\""));
}

TEST_CASE("javax.sip.header.WarningHeader: constants") {
  // INCOMPATIBLE_NETWORK_PROTOCOL
  CHECK(warning_code::incompatible_network_protocol == 300);
  // INCOMPATIBLE_NETWORK_ADDRESS_FORMATS
  CHECK(warning_code::incompatible_network_address_formats == 301);
  // INCOMPATIBLE_TRANSPORT_PROTOCOL
  CHECK(warning_code::incompatible_transport_protocol == 302);
  // INCOMPATIBLE_BANDWIDTH_UNITS
  CHECK(warning_code::incompatible_bandwidth_units == 303);
  // MEDIA_TYPE_NOT_AVAILABLE
  CHECK(warning_code::media_type_not_available == 304);
  // INCOMPATIBLE_MEDIA_FORMAT
  CHECK(warning_code::incompatible_media_format == 305);
  // ATTRIBUTE_NOT_UNDERSTOOD
  CHECK(warning_code::attribute_not_understood == 306);
  // SESSION_DESCRIPTION_PARAMETER_NOT_UNDERSTOOD
  CHECK(warning_code::session_description_parameter_not_understood == 307);
  // MULTICAST_NOT_AVAILABLE
  CHECK(warning_code::multicast_not_available == 330);
  // UNICAST_NOT_AVAILABLE
  CHECK(warning_code::unicast_not_available == 331);
  // INSUFFICIENT_BANDWIDTH
  CHECK(warning_code::insufficient_bandwidth == 370);
  // MISCELLANEOUS_WARNING
  CHECK(warning_code::miscellaneous_warning == 399);
}
