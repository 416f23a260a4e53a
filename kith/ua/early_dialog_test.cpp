// What makes an early dialog more, and what does not.

#include <doctest/doctest.h>

#include "kith/ua/testing/two_parties.h"

namespace kith::ua {
namespace {

using testing::TwoParties;

TEST_CASE("RFC 3261 §12.1.2: a 200 to UPDATE leaves an early dialog early, and its routes") {
  TwoParties line;
  line.ask("INVITE");
  line.answer(183, {{"Record-Route", "<sip:p@127.0.0.1:6050;lr>"}});
  const DialogId id = line.alices();
  const dialog::Dialog* dialog = line.alice.agent.dialog(id);
  REQUIRE(dialog->routes().size() == 1);
  const Request invite = line.bob.last<Request>();
  REQUIRE(line.send(line.alice, id, "UPDATE"));
  line.answer(200, {{"Contact", "<sip:moved@127.0.0.1:6050>"}});
  dialog = line.alice.agent.dialog(id);
  CHECK(dialog->state() == dialog::State::early);
  CHECK(dialog->routes().size() == 1);
  CHECK(dialog->remote_target() == "sip:moved@127.0.0.1:6050");  // RFC 3311 §5.1

  const TwoParties::Headers routes = {{"Record-Route", "<sip:p@127.0.0.1:6050;lr>"},
                                      {"Record-Route", "<sip:q@127.0.0.1:6050;lr>"}};
  REQUIRE(
      line.bob.agent.respond(invite.transaction, line.response_to(invite, 200, routes), line.now));
  line.settle();
  dialog = line.alice.agent.dialog(id);
  CHECK(dialog->state() == dialog::State::confirmed);
  CHECK(dialog->routes().size() == 2);
}

UserAgentConfig patient() {
  UserAgentConfig config;
  config.endpoint.timers.c = 1h;
  return config;
}

/// Bob's phone has rung for so long that the dialog is gone; the INVITE is not.
struct RungOut : TwoParties {
  RungOut() : TwoParties(patient(), patient()) {
    ask("INVITE");
    answer(180);
    wait(200s);
    REQUIRE(bob.last<DialogEnded>().why == DialogEnding::early_timeout);
    REQUIRE(bob.agent.counts().dialogs == 0);
  }
};

TEST_CASE("RFC 3261 §13.3.1.4: a 2xx after the early dialog has ended is sent until its ACK") {
  RungOut line;
  line.alice.loses = [lost = 0](std::string_view bytes) mutable {
    return bytes.starts_with("ACK") && ++lost <= 2;
  };
  line.answer(200);
  REQUIRE(line.bob.agent.counts().dialogs == 1);
  line.acknowledge();
  line.wait(10s);
  CHECK(line.bob.sent_of("SIP/2.0 200") == 3);
  CHECK(line.bob.all<Ack>().size() == 1);
  CHECK(line.bob.agent.dialog(line.bobs())->state() == dialog::State::confirmed);
  REQUIRE(line.send(line.alice, line.alices(), "BYE"));
  CHECK(line.bob.last<Request>().dialog == line.bobs());
  line.answer(200);
  line.nothing_is_left();
}

TEST_CASE("RFC 3261 §13.3.1.3: a refusal after the early dialog has ended makes none") {
  RungOut line;
  line.answer(486);
  CHECK(line.bob.agent.counts().dialogs == 0);
  CHECK(status_of_last(line.alice) == 486);
  line.nothing_is_left();
}

}  // namespace
}  // namespace kith::ua
