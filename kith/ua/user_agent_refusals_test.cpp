// What a user agent answers by itself.
#include <doctest/doctest.h>

#include <string>

#include "kith/ua/testing/call.h"

namespace kith::ua {
namespace {

using testing::Call;
using testing::Party;
using testing::to_bob;

TEST_CASE("RFC 3261 §12.2.2: a request that comes late in its dialog is answered 500") {
  Call call;
  call.establish();
  const auto message = [&](std::uint32_t sequence, std::string_view branch) {
    const dialog::Dialog& dialog = *call.bob.agent.dialog(call.bobs());
    return "MESSAGE sip:bob@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK" +
           std::string{branch} +
           "\r\nFrom: <sip:alice@127.0.0.1>;tag=a1\r\nTo: <sip:bob@x>;tag=" + dialog.local_tag() +
           "\r\nCall-ID: c1\r\nCSeq: " + std::to_string(sequence) +
           " MESSAGE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
  };
  call.bob.agent.receive(call.bob.flow, message(8, "x"), call.now);
  call.settle();
  CHECK(call.bob.all<Request>().size() == 2);
  call.bob.agent.receive(call.bob.flow, message(7, "y"), call.now);
  call.settle();
  CHECK(call.bob.all<Request>().size() == 2);
  CHECK(call.bob.sent.back().starts_with("SIP/2.0 500"));
  call.bob.agent.receive(call.bob.flow, message(8, "z"), call.now);
  call.settle();
  CHECK(call.bob.all<Request>().size() == 2);
  CHECK(call.bob.sent.back().starts_with("SIP/2.0 500"));
}

TEST_CASE("RFC 3261 §14.2: a second INVITE gets 500 with Retry-After, a crossing one 491") {
  Call call;
  call.establish();
  REQUIRE(call.send(call.alice, call.alices(), "INVITE"));
  CHECK(call.send(call.alice, call.alices(), "INVITE").error() ==
        Error{Fault::duplicate, "INVITE"});
  CHECK(call.send(call.bob, call.bobs(), "INVITE").error() == Error{Fault::duplicate, "INVITE"});

  SUBCASE("crossing") {
    call.answer(200);
    call.acknowledge();
    // Both leave before either arrives.
    for (Party* party : {&call.alice, &call.bob}) {
      const DialogId id = party == &call.alice ? call.alices() : call.bobs();
      sip::Message invite = *party->agent.draft(id, "INVITE");
      invite.add("Contact", "<sip:x@127.0.0.1>");
      REQUIRE(party->agent.send(id, std::move(invite), call.now));
    }
    call.settle();
    CHECK(status_of_last(call.alice) == 491);
    CHECK(status_of_last(call.bob) == 491);
    CHECK(call.alice.agent.dialog(call.alices()) != nullptr);
  }
}

TEST_CASE("RFC 3261 §8.2.2.2: a request that comes over two ways is answered 482 once") {
  Call call;
  call.invite();
  const std::string first = call.alice.sent.front();
  std::string second = first;
  second.replace(second.find("z9hG4bK"), 7, "z9hG4bKother");
  call.bob.agent.receive(call.bob.flow, second, call.now);
  call.settle();
  CHECK(call.bob.all<Request>().size() == 1);
  CHECK(call.bob.sent.back().starts_with("SIP/2.0 482"));

  // Another device of the same user is another request.
  std::string device = second;
  device.replace(device.find("bKother"), 7, "bKthird");
  device.replace(device.find(";tag=a1"), 7, ";tag=a1;epid=02");
  call.bob.agent.receive(call.bob.flow, device, call.now);
  call.settle();
  CHECK(call.bob.all<Request>().size() == 2);
}

TEST_CASE("RFC 3261 §12.2.2: requests of a dialog that is not there are answered 481") {
  for (const std::string_view method : {"BYE", "UPDATE", "PRACK", "INFO", "INVITE", "REFER"}) {
    CAPTURE(method);
    Call call;
    sip::Message request = to_bob(method, "Refer-To: <sip:x@y>\r\nRAck: 1 1 INVITE\r\n");
    request.set_to_tag("unknown");
    call.alice.agent.request(call.alice.flow, request, call.now);
    call.settle();
    CHECK(status_of_last(call.alice) == 481);
    CHECK(call.bob.all<Request>().empty());
  }
  Call call;  // the Microsoft dialect has a To tag in a SERVICE outside of any dialog
  sip::Message service = to_bob("SERVICE");
  service.set_to_tag("unknown");
  call.alice.agent.request(call.alice.flow, service, call.now);
  call.settle();
  CHECK(call.bob.all<Request>().size() == 1);
}

TEST_CASE("what is not served is answered 405, 501 and 489, and can be passed up instead") {
  UserAgentConfig config{.methods = {"INVITE", "ACK", "SUBSCRIBE"}, .packages = {"presence"}};
  Call call({}, config);
  struct Case {
    std::string_view method;
    std::string_view extra;
    std::string_view answer;
  };
  for (const Case& each : {Case{"OPTIONS", "", "405"}, Case{"FLY", "", "501"},
                           Case{"SUBSCRIBE", "Event: dialog\r\n", "489"}}) {
    CAPTURE(each.method);
    call.alice.agent.request(call.alice.flow, to_bob(each.method, each.extra), call.now);
    call.settle();
    CHECK(std::to_string(status_of_last(call.alice)) == each.answer);
  }
  CHECK(call.bob.all<Request>().empty());
  config.answers = {.method = false, .event = false};
  Call open({}, config);
  open.alice.agent.request(open.alice.flow, to_bob("FLY"), open.now);
  open.settle();
  CHECK(open.bob.all<Request>().size() == 1);
}

TEST_CASE("RFC 4028 §9: a session interval that is too short is refused with 422") {
  Call call({}, {.session_timer = dialog::SessionWish{}});
  call.invite("Supported: timer\r\nSession-Expires: 60\r\n");
  CHECK(status_of_last(call.alice) == 422);
  CHECK(call.alice.last<Response>().message.text("Min-SE") == "90");
  CHECK(call.bob.all<Request>().empty());
}

}  // namespace
}  // namespace kith::ua
