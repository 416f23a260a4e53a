// The Routes that a user agent sends with requests outside of dialogs, and its own that come to it.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "kith/ua/testing/two_parties.h"

namespace kith::ua {
namespace {

using testing::to_bob;
using testing::TwoParties;

constexpr std::string_view bobs_uri = "sip:bob@127.0.0.1:6050";

TEST_CASE("RFC 3261 §12.2.1.1: a strict router at the top of a preloaded route is asked itself") {
  struct Row {
    std::string_view routes;
    std::string_view uri;
    std::vector<std::string_view> left;
  };
  for (const Row& row :
       {Row{"Route: <sip:s.example>, <sip:n.example;lr>\r\n",
            "sip:s.example",
            {"<sip:n.example;lr>", "<sip:bob@127.0.0.1:6050>"}},
        Row{"Route: <sip:s.example>\r\n", "sip:s.example", {"<sip:bob@127.0.0.1:6050>"}},
        // Only once: the next is for that router to ask.
        Row{"Route: <sip:s.example>\r\nRoute: <sip:t.example>\r\n",
            "sip:s.example",
            {"<sip:t.example>", "<sip:bob@127.0.0.1:6050>"}},
        Row{"Route: <sip:n.example;lr>, <sip:s.example>\r\n",
            bobs_uri,
            {"<sip:n.example;lr>, <sip:s.example>"}},
        Row{"", bobs_uri, {}}}) {
    for (const std::string_view method : {"INVITE", "MESSAGE"}) {
      CAPTURE(method);
      CAPTURE(row.routes);
      UserAgentConfig plays_the_router;
      plays_the_router.takes_own_route = false;
      TwoParties line({}, plays_the_router);
      line.ask(method, row.routes);
      const sip::Message& heard = line.bob.last<Request>().message;
      CHECK(heard.request_uri() == row.uri);
      CHECK(heard.texts("Route") == row.left);
    }
  }
}

TEST_CASE("RFC 3261 §12.2.1.1: a request with a To tag had its strict router before") {
  TwoParties line;
  sip::Message message = to_bob("MESSAGE", "Route: <sip:s.example>\r\n");
  message.set_to_tag("b");
  line.alice.agent.request(line.alice.flow, std::move(message), line.now);
  line.settle();
  CHECK(line.bob.last<Request>().message.request_uri() == bobs_uri);
  CHECK(line.bob.last<Request>().message.text("Route") == "<sip:s.example>");
}

TEST_CASE("RFC 3261 §9.1: the CANCEL of an INVITE to a strict router goes to that, too") {
  TwoParties line;
  const TransactionId invite = line.ask("INVITE", "Route: <sip:s.example>\r\n");
  line.answer(180);
  REQUIRE(line.alice.agent.cancel(invite, line.now));
  line.settle();
  CHECK(line.alice.sent_of("CANCEL sip:s.example SIP/2.0") == 1);
  CHECK(line.bob.all<Cancelled>().size() == 1);
}

// ---- Own routes ---------------------------------------------------------------------------------

struct Row {
  std::string_view routes;
  std::string_view taken;
  std::string_view left;
};

const std::vector<Row>& rows() {
  static const std::vector<Row> all{
      {"Route: <sip:127.0.0.1:6050;lr>\r\n", "sip:127.0.0.1:6050;lr", ""},
      {"Route: <sip:ua.example:6050;lr>, <sip:n.example;lr>\r\n", "sip:ua.example:6050;lr",
       "<sip:n.example;lr>"},
      {"Route: <sip:127.0.0.1:6050;lr>\r\nRoute: <sip:127.0.0.1:6050;lr>\r\n",
       "sip:127.0.0.1:6050;lr", "<sip:127.0.0.1:6050;lr>"},
      {"Route: <sip:n.example;lr>, <sip:127.0.0.1:6050;lr>\r\n", "",
       "<sip:n.example;lr>, <sip:127.0.0.1:6050;lr>"},
      {"Route: <sip:127.0.0.1:6051;lr>\r\n", "", "<sip:127.0.0.1:6051;lr>"},
      {"Route: <sip:ua.example;lr>\r\n", "", "<sip:ua.example;lr>"},
      {"Route: <sip:127.0.0.1\r\n", "", "<sip:127.0.0.1"},
      {"", "", ""}};
  return all;
}

std::string taken_by(const std::optional<sip::Uri>& own_route) {
  return own_route ? own_route->to_string() : std::string{};
}

TEST_CASE("RFC 3261 §16.4: a user agent takes off the Route that calls itself, and shows it") {
  for (const Row& row : rows()) {
    CAPTURE(row.routes);
    UserAgentConfig config;
    config.names = {"ua.example:6050"};
    TwoParties line({}, config);
    line.is_asked(line.bob, "OPTIONS", "y1", "", 1, row.routes);
    const Request& heard = line.bob.last<Request>();
    CHECK(taken_by(heard.own_route) == row.taken);
    CHECK(heard.message.text("Route") == row.left);
    line.is_asked(line.bob, "ACK", "y1", "b", 2, row.routes);
    CHECK(taken_by(line.bob.last<Ack>().own_route) == row.taken);
    CHECK(line.bob.last<Ack>().message.text("Route") == row.left);
  }
}

TEST_CASE("RFC 3261 §16.4: where it is switched off, a user agent's own Route stays") {
  UserAgentConfig config;
  config.takes_own_route = false;
  TwoParties line({}, config);
  for (const std::string_view method : {"OPTIONS", "ACK"})
    line.is_asked(line.bob, method, "y1", "b", 1, "Route: <sip:127.0.0.1:6050;lr>\r\n");
  CHECK_FALSE(line.bob.last<Request>().own_route);
  CHECK(line.bob.last<Request>().message.text("Route") == "<sip:127.0.0.1:6050;lr>");
  CHECK_FALSE(line.bob.last<Ack>().own_route);
  CHECK(line.bob.last<Ack>().message.text("Route") == "<sip:127.0.0.1:6050;lr>");
}

}  // namespace
}  // namespace kith::ua
