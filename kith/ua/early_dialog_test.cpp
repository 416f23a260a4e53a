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

}  // namespace
}  // namespace kith::ua
