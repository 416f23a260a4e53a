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
