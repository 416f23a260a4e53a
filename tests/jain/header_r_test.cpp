#include <doctest/doctest.h>

#include "kith/sip/headers.h"
#include "kith/sip/parsed.h"

using namespace kith;
using namespace kith::sip;

TEST_CASE("javax.sip.header.RAckHeader") {
  // RAckHeader
  RAck rack;

  // NAME
  CHECK(RAck::name.full == "RAck");
  // setMethod(String)
  rack.method = "INVITE";
  // getMethod()
  CHECK(rack.method == "INVITE");
  // setCSeqNumber(int)
  rack.cseq_number = 1;
  // getCSeqNumber()
  CHECK(rack.cseq_number == 1U);
  // setRSeqNumber(int)
  rack.response_number = 776656;
  // getRSeqNumber()
  CHECK(rack.response_number == 776656U);

  CHECK(written(rack) == "776656 1 INVITE");
  CHECK_FALSE(parsed<RAck>("0 1 INVITE"));
}

TEST_CASE("javax.sip.header.RSeqHeader") {
  // RSeqHeader
  RSeq rseq;

  // NAME
  CHECK(RSeq::name.full == "RSeq");
  // setSequenceNumber(int)
  rseq.response_number = 988789;
  // getSequenceNumber()
  CHECK(rseq.response_number == 988789U);

  CHECK_FALSE(parsed<RSeq>("0"));
}

TEST_CASE("javax.sip.header.ReasonHeader") {
  // ReasonHeader
  Reason reason;

  // NAME
  CHECK(Reason::name.full == "Reason");
  // setProtocol(String)
  reason.protocol = "SIP";
  // getProtocol()
  CHECK(reason.protocol == "SIP");
  // setCause(int)
  reason.params.set("cause", "200");
  // getCause()
  CHECK(reason.cause() == 200U);
  // setText(String)
  reason.params.set_quoted("text", "Call completed elsewhere");
  // getText(): `unquote()` takes the escapes out.
  CHECK(reason.text() == "Call completed elsewhere");

  CHECK(written(reason) == "SIP;cause=200;text=\"Call completed elsewhere\"");
}

TEST_CASE("javax.sip.header.RecordRouteHeader") {
  // RecordRouteHeader
  const RecordRoute record_route{.uri = *Uri::parse("sip:p1.example;lr")};

  // NAME
  CHECK(RecordRoute::name.full == "Record-Route");

  CHECK(written(record_route) == "<sip:p1.example;lr>");
  CHECK_FALSE(parsed<RecordRoute>("sip:p1.example", Mode::strict));
}

TEST_CASE("javax.sip.header.ReferToHeader") {
  // ReferToHeader
  const ReferTo refer_to{.uri = *Uri::parse("sip:carol@c.example")};

  // NAME
  CHECK(ReferTo::name.full == "Refer-To");

  CHECK(written(refer_to) == "<sip:carol@c.example>");
}

TEST_CASE("javax.sip.header.ReplyToHeader") {
  // ReplyToHeader
  const ReplyTo reply_to{.uri = *Uri::parse("sip:bob@b.example")};

  // NAME
  CHECK(ReplyTo::name.full == "Reply-To");

  CHECK(written(reply_to) == "<sip:bob@b.example>");
}

TEST_CASE("javax.sip.header.RequireHeader") {
  // RequireHeader
  const Require require{"100rel"};

  // NAME
  CHECK(Require::name.full == "Require");

  CHECK(require.tag == "100rel");
}

TEST_CASE("javax.sip.header.RetryAfterHeader") {
  // RetryAfterHeader
  RetryAfter retry_after;

  // NAME
  CHECK(RetryAfter::name.full == "Retry-After");
  // setRetryAfter(int)
  retry_after.seconds = 18000;
  // getRetryAfter()
  CHECK(retry_after.seconds == 18000U);
  // setComment(String)
  retry_after.comment = "in a meeting";
  // getComment()
  CHECK(retry_after.comment == "in a meeting");
  // setDuration(int)
  retry_after.params.set("duration", "3600");
  // getDuration()
  CHECK(retry_after.duration() == 3600U);

  CHECK(written(retry_after) == "18000 (in a meeting);duration=3600");
}

TEST_CASE("javax.sip.header.RouteHeader") {
  // RouteHeader
  const Route route{.uri = *Uri::parse("sip:p1.example;lr")};

  // NAME
  CHECK(Route::name.full == "Route");

  CHECK(written(route) == "<sip:p1.example;lr>");
}

TEST_CASE("javax.sip.header.SIPETagHeader") {
  // SIPETagHeader
  SipETag etag;

  // NAME
  CHECK(SipETag::name.full == "SIP-ETag");
  // setETag(String)
  etag.tag = "dx200xyz";
  // getETag()
  CHECK(etag.tag == "dx200xyz");
}

TEST_CASE("javax.sip.header.SIPIfMatchHeader") {
  // SIPIfMatchHeader
  SipIfMatch if_match;

  // NAME
  CHECK(SipIfMatch::name.full == "SIP-If-Match");
  // setETag(String)
  if_match.tag = "dx200xyz";
  // getETag()
  CHECK(if_match.tag == "dx200xyz");
}

TEST_CASE("javax.sip.header.ServerHeader") {
  // ServerHeader
  Server server;

  // NAME
  CHECK(Server::name.full == "Server");
  // setProduct(List): All products as one text, blanks between them: real ones keep to no grammar.
  server.text = "Kith/0.1 (Debian)";
  // getProduct(): Each with its version, comments as well.
  CHECK(server.products()[0] == Product{"Kith", "0.1", ""});
}

TEST_CASE("javax.sip.header.SubjectHeader") {
  // SubjectHeader
  Subject subject;

  // NAME
  CHECK(Subject::name.full == "Subject");
  // setSubject(String)
  subject.text = "A tornado is heading our way!";
  // getSubject()
  CHECK(subject.text == "A tornado is heading our way!");
}

TEST_CASE("javax.sip.header.SubscriptionStateHeader") {
  // SubscriptionStateHeader
  SubscriptionState state;

  // NAME
  CHECK(SubscriptionState::name.full == "Subscription-State");
  // setState(String)
  state.state = "terminated";
  // getState()
  CHECK(state.state == "terminated");
  // setReasonCode(String)
  state.params.set("reason", subscription_reason::probation);
  // getReasonCode()
  CHECK(state.reason() == "probation");
  // setRetryAfter(int)
  state.params.set("retry-after", "10");
  // getRetryAfter()
  CHECK(state.retry_after() == 10U);
  // setExpires(int)
  state.params.set("expires", "0");
  // getExpires()
  CHECK(state.expires() == 0U);

  CHECK(written(state) == "terminated;reason=probation;retry-after=10;expires=0");
}

TEST_CASE("javax.sip.header.SubscriptionStateHeader: constants") {
  // ACTIVE
  CHECK(subscription_state::active == "active");
  // PENDING
  CHECK(subscription_state::pending == "pending");
  // TERMINATED
  CHECK(subscription_state::terminated == "terminated");
  // UNKNOWN
  CHECK(subscription_reason::unknown == "unknown");
  // DEACTIVATED
  CHECK(subscription_reason::deactivated == "deactivated");
  // PROBATION
  CHECK(subscription_reason::probation == "probation");
  // REJECTED
  CHECK(subscription_reason::rejected == "rejected");
  // TIMEOUT
  CHECK(subscription_reason::timeout == "timeout");
  // GIVE_UP
  CHECK(subscription_reason::giveup == "giveup");
  // NO_RESOURCE
  CHECK(subscription_reason::noresource == "noresource");
}

TEST_CASE("javax.sip.header.SupportedHeader") {
  // SupportedHeader
  const Supported supported{"100rel"};

  // NAME
  CHECK(Supported::name.full == "Supported");

  CHECK(supported.tag == "100rel");
}

TEST_CASE("javax.sip.header.TimeStampHeader") {
  using namespace std::chrono_literals;

  // TimeStampHeader
  Timestamp timestamp;

  // NAME
  CHECK(Timestamp::name.full == "Timestamp");
  // setTimeStamp(float)
  // setTime(long)
  timestamp.set_time(54s + 210ms);
  // getTimeStamp()
  // getTime()
  CHECK(timestamp.time() == 54210ms);
  // setDelay(float)
  // setTimeDelay(int)
  timestamp.set_delay(7ms);
  // getDelay()
  // getTimeDelay()
  CHECK(timestamp.delay() == 7ms);

  CHECK(written(timestamp) == "54.21 0.007");
}

TEST_CASE("javax.sip.header.ToHeader") {
  const To same = *parsed<To>("\"B\" <sip:b@B.example>;tag=287447");

  // ToHeader
  To to{.uri = *Uri::parse("sip:b@b.example")};

  // NAME
  CHECK(To::name.full == "To");
  // setTag(String): `message.set_to_tag(tag)` of a message.
  to.params.set("tag", "287447");
  // getTag()
  CHECK(to.tag() == "287447");
  // equals(Object): RFC 3261 §20.39: the URI and the parameters, not the display name.
  CHECK(equivalent(to, same));
}

TEST_CASE("javax.sip.header.UnsupportedHeader") {
  // UnsupportedHeader
  const Unsupported unsupported{"foo"};

  // NAME
  CHECK(Unsupported::name.full == "Unsupported");

  CHECK(unsupported.tag == "foo");
}

TEST_CASE("javax.sip.header.UserAgentHeader") {
  // UserAgentHeader
  UserAgent user_agent;

  // NAME
  CHECK(UserAgent::name.full == "User-Agent");
  // setProduct(List): All products as one text, blanks between them: real ones keep to no grammar.
  user_agent.text = "Softphone Beta1.5";
  // getProduct(): Each with its version, comments as well.
  CHECK(user_agent.products()[0].name == "Softphone");
}
