#include "kith/sip/header/subscription_state.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 6665 §8.2.3: Subscription-State") {
  test::accepts<SubscriptionState>({{"active;expires=3600", ""},
                                    {"terminated;reason=noresource;retry-after=5", ""},
                                    {"pending", ""}});
  test::refuses<SubscriptionState>({"", "active expires=1", ";expires=1", "active;=1"});
}

TEST_CASE("RFC 6665 §4.1.3: the reasons have names") {
  const auto state =
      test::read_whole<SubscriptionState>("terminated;reason=giveup", kith::Mode::strict);
  CHECK(state->reason() == subscription_reason::giveup);
  CHECK_FALSE(state->reason() == subscription_reason::rejected);
}

TEST_CASE("RFC 6665 §8.2.3: the times of a subscription are in seconds") {
  const auto read = [](std::string_view text) {
    return *test::read_whole<SubscriptionState>(text, kith::Mode::lenient);
  };
  CHECK(read("active;Expires=3600;retry-after=5").expires() == 3600);
  CHECK(read("terminated;expires=1;Retry-After=5").retry_after() == 5);
  CHECK_FALSE(read("active;expires=x").expires());
  CHECK_FALSE(read("active;expires=1").retry_after());
}

TEST_CASE("RFC 6665 §8.2.3: times are seconds, the reason is a token") {
  test::accepts<SubscriptionState>({{"active;expires=0;retry-after=1", ""},
                                    {"active;Expires=4294967295;reason=x", ""},
                                    {"active;x=-1", ""}});
  for (const char* wrong :
       {";expires", ";expires=-1", ";expires=4294967296", ";expires=soon", ";expires=\"1\"",
        ";retry-after=1.5", ";Retry-After=x", ";reason", ";reason=\"x\""}) {
    const std::string text = "active" + std::string{wrong};
    test::tolerates<SubscriptionState>({{text, "parameter whose value is not of its kind", text}});
  }
}
