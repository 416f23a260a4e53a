// NOTIFYs that belong to a subscription, and those that do not.

#include <doctest/doctest.h>

#include <string>

#include "kith/ua/testing/two_parties.h"

namespace kith::ua {
namespace {

using testing::TwoParties;

constexpr std::string_view presence = "Event: presence\r\nSubscription-State: active\r\n";

/// Alice has subscribed, and the 2xx was there before any NOTIFY.
struct Subscribed : TwoParties {
  explicit Subscribed(const UserAgentConfig& config = {}) : TwoParties(config) {
    ask("SUBSCRIBE", "Event: presence\r\nExpires: 600\r\n");
    answer(401);
    ask("SUBSCRIBE", "Event: presence\r\nExpires: 600\r\n", 2);
    answer(200, {{"Expires", "600"}});
    REQUIRE(alice.agent.counts().dialogs == 1);
  }
};

TEST_CASE("RFC 6665 §5.4.9: a NOTIFY of another than who sent the 2xx is refused") {
  Subscribed line;
  line.is_asked(line.alice, "NOTIFY", "x", "a1", 1, presence);
  CHECK(line.sent_last(line.alice, "SIP/2.0 481"));
  CHECK(line.alice.agent.counts().dialogs == 1);
  CHECK(line.alice.all<Request>().empty());
  const std::string tag = line.alice.agent.dialog(line.alices())->remote_tag();
  line.is_asked(line.alice, "NOTIFY", tag, "a1", 1, presence);
  CHECK(line.alice.last<Request>().dialog == line.alices());
}

TEST_CASE("RFC 6665 §4.4.1: a package that may fork takes a NOTIFY of another, too") {
  UserAgentConfig config;
  config.forkable = {"presence"};
  Subscribed line(config);
  line.is_asked(line.alice, "NOTIFY", "x", "a1", 1, presence);
  CHECK(line.alice.agent.counts().dialogs == 2);
  CHECK(line.alice.all<Request>().size() == 1);
}

}  // namespace
}  // namespace kith::ua
