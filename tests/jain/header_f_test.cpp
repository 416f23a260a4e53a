#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "kith/sip/any_header.h"
#include "kith/sip/headers.h"
#include "kith/sip/message.h"
#include "kith/sip/parsed.h"
#include "kith/sip/status_code.h"

using namespace kith;
using namespace kith::sip;

TEST_CASE("javax.sip.header.FromHeader") {
  const From same = *parsed<From>("\"A\" <sip:a@A.example>;tag=1928");

  // FromHeader
  From from{.uri = *Uri::parse("sip:a@a.example")};

  // NAME
  CHECK(From::name.full == "From");
  // setTag(String)
  from.params.set("tag", "1928");
  // getTag()
  CHECK(from.tag() == "1928");
  // equals(Object): RFC 3261 §20.20: the URI and the parameters, not the display name.
  CHECK(equivalent(from, same));

  from.params.remove("tag");
  CHECK_FALSE(equivalent(from, same));
}

TEST_CASE("javax.sip.header.Header") {
  // Header: What makes a type a header is a concept, not a base.
  static_assert(Header<Expires>);
  CHECK(known_header("expires")->full == "Expires");

  const Expires expires{600};

  // getName(): `known_header(name)` finds it for a name that comes at run time.
  CHECK(Expires::name.full == "Expires");
  // clone()
  const Expires copy = expires;
  // equals(Object): The same text; `equivalent(a, b)` where the RFC of the header compares
  // otherwise.
  CHECK((expires == copy));
  // hashCode(): None. The text that is written is a key where one is needed.

  // toString(): The value, without the name.
  CHECK(written(expires) == "600");
}

TEST_CASE("javax.sip.header.HeaderAddress") {
  const Route other = *parsed<Route>("P <sip:p.example;lr>");

  // HeaderAddress: Two members, and parameters: a shape of Contact, From, To, Route and their like.
  Route route{.display_name = "P", .uri = *Uri::parse("sip:p.example;lr")};

  // setAddress(Address)
  route.display_name = "Q", route.uri = other.uri;
  // getAddress()
  CHECK(route.uri == other.uri);

  CHECK(route.display_name == "Q");
}

TEST_CASE("javax.sip.header.InReplyToHeader") {
  // InReplyToHeader
  InReplyTo in_reply_to;

  // NAME
  CHECK(InReplyTo::name.full == "In-Reply-To");
  // setCallId(String)
  in_reply_to.value = "70710@a.example";
  // getCallId()
  CHECK(in_reply_to.value == "70710@a.example");
}

TEST_CASE("javax.sip.header.MaxForwardsHeader") {
  // MaxForwardsHeader
  MaxForwards max_forwards;

  // NAME
  CHECK(MaxForwards::name.full == "Max-Forwards");
  // setMaxForwards(int)
  max_forwards.hops = 1;
  // decrementMaxForwards(): False where JAIN SIP throws.
  CHECK(max_forwards.decrement());
  // getMaxForwards()
  CHECK(max_forwards.hops == 0);
  // equals(Object)
  CHECK((max_forwards == MaxForwards{0}));

  CHECK_FALSE(parsed<MaxForwards>("256", Mode::strict));
}

TEST_CASE("javax.sip.header.MediaType") {
  // MediaType: A shape of Accept and Content-Type.
  ContentType type;

  // setContentType(String)
  type.type = "text";
  // getContentType()
  CHECK(type.type == "text");
  // setContentSubType(String)
  type.subtype = "plain";
  // getContentSubType(): `type.is("text/plain")` compares both, without regard to case.
  CHECK(type.subtype == "plain");

  CHECK(type.is("Text/Plain"));
}

TEST_CASE("javax.sip.header.MimeVersionHeader") {
  // MimeVersionHeader
  MimeVersion version;

  // NAME
  CHECK(MimeVersion::name.full == "MIME-Version");
  // setMajorVersion(int)
  version.major_number = 1;
  // getMajorVersion()
  CHECK(version.major_number == 1U);
  // setMinorVersion(int)
  version.minor_number = 0;
  // getMinorVersion()
  CHECK(version.minor_number == 0U);
}

TEST_CASE("javax.sip.header.MinExpiresHeader") {
  // MinExpiresHeader
  const MinExpires min_expires{.seconds = 60};

  // NAME
  CHECK(MinExpires::name.full == "Min-Expires");

  CHECK(written(min_expires) == "60");
}

TEST_CASE("javax.sip.header.OptionTag") {
  // OptionTag: A shape of Require, Proxy-Require, Supported and Unsupported.
  Supported supported;

  // setOptionTag(String)
  supported.tag = "100rel";
  // getOptionTag(): `lists<Supported>(message, "100rel")` asks a message.
  CHECK(supported.tag == "100rel");
}

TEST_CASE("javax.sip.header.OrganizationHeader") {
  // OrganizationHeader
  Organization organization;

  // NAME
  CHECK(Organization::name.full == "Organization");
  // setOrganization(String)
  organization.text = "Boxes by Bob";
  // getOrganization()
  CHECK(organization.text == "Boxes by Bob");
}

TEST_CASE("javax.sip.header.Parameters") {
  std::vector<std::string> names;

  // Parameters: A member of whatever has them, in the order and the case in which they came.
  Params params = parsed<Contact>("<sip:a@b.example>;q=0.7;+sip.instance=\"<urn:x>\"")->params;

  // setParameter(String, String): `params.set(name)` makes a flag, `set_quoted()` puts quotes.
  params.set("expires", "60");
  // getParameter(String): Absent is nothing, a flag is empty.
  CHECK(params.find("Expires") == "60");

  // getParameterNames()
  for (const Param& param : params) names.emplace_back(param.name);
  CHECK(names == std::vector<std::string>{"q", "+sip.instance", "expires"});

  // removeParameter(String)
  params.remove("q");
  CHECK_FALSE(params.has("q"));
}

TEST_CASE("javax.sip.header.PriorityHeader") {
  // PriorityHeader
  Priority header;

  // NAME
  CHECK(Priority::name.full == "Priority");
  // URGENT
  CHECK(priority::urgent == "urgent");
  // NORMAL
  CHECK(priority::normal == "normal");
  // NON_URGENT
  CHECK(priority::non_urgent == "non-urgent");
  // EMERGENCY
  CHECK(priority::emergency == "emergency");
  // setPriority(String)
  header.value = priority::urgent;
  // getPriority(): `header.is(priority::urgent)` compares without regard to case.
  CHECK(header.value == "urgent");

  CHECK(parsed<Priority>("Urgent")->is(priority::urgent));
}

TEST_CASE("javax.sip.header.ProxyAuthenticateHeader") {
  // ProxyAuthenticateHeader
  const ProxyAuthenticate challenge = *parsed<ProxyAuthenticate>("Digest realm=\"a.example\"");

  // NAME
  CHECK(ProxyAuthenticate::name.full == "Proxy-Authenticate");

  CHECK(challenge.realm() == "a.example");
}

TEST_CASE("javax.sip.header.ProxyAuthorizationHeader") {
  // ProxyAuthorizationHeader
  const ProxyAuthorization credentials = *parsed<ProxyAuthorization>("Digest username=\"alice\"");

  // NAME
  CHECK(ProxyAuthorization::name.full == "Proxy-Authorization");

  CHECK(credentials.username() == "alice");
}

TEST_CASE("javax.sip.header.ProxyRequireHeader") {
  // ProxyRequireHeader
  const ProxyRequire require{"sec-agree"};

  // NAME
  CHECK(ProxyRequire::name.full == "Proxy-Require");

  CHECK(require.tag == "sec-agree");
}

TEST_CASE("javax.sip.header.TooManyHopsException") {
  MaxForwards max_forwards{0};
  const Message request = Message::request("INVITE", "sip:bob@b.example");

  // TooManyHopsException
  CHECK_FALSE(max_forwards.decrement());

  // TooManyHopsException(): The answer that RFC 3261 §16.3 wants.
  CHECK(Message::response(request, status_code::too_many_hops).reason() == "Too Many Hops");
  // TooManyHopsException(String)
  CHECK(Message::response(request, status_code::too_many_hops, "Why").reason() == "Why");

  // TooManyHopsException(String, Throwable): None. Nothing is thrown, so nothing has a cause.
}
