// Requests that would make a dialog which is there already.

#include <doctest/doctest.h>

#include <string>

#include "kith/ua/testing/two_parties.h"

namespace kith::ua {
namespace {

using testing::TwoParties;

/// Bob has heard two requests with the same Call-ID and tags, and answered neither yet.
struct Twins : TwoParties {
  Twins(const UserAgentConfig& config, std::string_view method, std::string_view to_tag)
      : TwoParties({}, config) {
    for (const std::uint32_t sequence : {1U, 2U}) is_asked(bob, method, "y1", to_tag, sequence);
    requests = bob.all<Request>();
    REQUIRE(requests.size() == 2);
  }
  void answer(std::size_t which, int status) {
    sip::Message response = response_to(requests[which], status);
    response.set_to_tag("b");
    REQUIRE(bob.agent.respond(requests[which].transaction, std::move(response), now));
    settle();
  }
  std::vector<Request> requests{};
};

struct Row {
  UserAgentConfig config;
  std::string_view method;
  std::string_view to_tag;
};

std::vector<Row> rows() {
  UserAgentConfig open;
  open.answers.no_dialog = false;
  UserAgentConfig messages;
  messages.dialog_methods = {"MESSAGE"};
  return {{open, "INVITE", "b"}, {messages, "MESSAGE", "b"}, {{}, "INVITE", ""}};
}

TEST_CASE("RFC 3261 §12.1.1: two requests with the same Call-ID and tags make one dialog") {
  for (const Row& row : rows()) {
    CAPTURE(row.method);
    Twins twins(row.config, row.method, row.to_tag);
    twins.answer(0, 200);
    twins.answer(1, 200);
    CHECK(twins.bob.agent.counts().dialogs == 1);
    const auto dialog = twins.bob.agent.dialog_of(twins.requests[0].transaction);
    REQUIRE(dialog);
    CHECK(twins.bob.agent.dialog_of(twins.requests[1].transaction) == dialog);
    CHECK(twins.bob.agent.dialog(*dialog)->remote_sequence() == 2U);
  }
}

TEST_CASE("RFC 3261 §12.3: refusing the second of them does not end the dialog of the first") {
  for (const Row& row : rows()) {
    CAPTURE(row.method);
    Twins twins(row.config, row.method, row.to_tag);
    twins.answer(1, 200);
    twins.answer(0, 486);
    CHECK(twins.bob.agent.counts().dialogs == 1);
    CHECK(twins.bob.all<DialogEnded>().empty());
  }
}

TEST_CASE("RFC 6665 §4.4.1: two NOTIFYs to a subscriber without a tag make one dialog") {
  UserAgentConfig config;
  config.forkable = {"presence"};
  TwoParties line(config);
  sip::Message subscribe = sip::Message::request("SUBSCRIBE", "sip:bob@127.0.0.1:6050");
  subscribe.add("From", "<sip:alice@127.0.0.1:5060>");
  subscribe.add("To", "<sip:bob@127.0.0.1:6050>");
  subscribe.add("Call-ID", "c1");
  subscribe.add("CSeq", "1 SUBSCRIBE");
  subscribe.add("Event", "presence");
  line.alice.agent.request(line.alice.flow, std::move(subscribe), line.now);
  line.settle();
  for (const std::uint32_t sequence : {1U, 2U})
    line.is_asked(line.alice, "NOTIFY", "y1", "", sequence,
                  "Event: presence\r\nSubscription-State: active\r\n");
  CHECK(line.alice.agent.counts().dialogs == 1);
  CHECK(line.alice.all<Request>().size() == 2);
}

}  // namespace
}  // namespace kith::ua
