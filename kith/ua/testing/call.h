#pragma once

#include "kith/ua/testing/two_parties.h"

namespace kith::ua::testing {

/// Alice calls bob, whose phone rings first.
struct Call : TwoParties {
  using TwoParties::TwoParties;

  TransactionId invite(std::string_view extra = {}) { return ask("INVITE", extra); }
  void establish() {
    invite();
    answer(180);
    answer(200);
    acknowledge();
  }
};

}  // namespace kith::ua::testing
