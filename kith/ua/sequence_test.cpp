// The CSeq numbers of a dialog, up to the last.

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "kith/dialog/dialog.h"
#include "kith/ua/testing/two_parties.h"

namespace kith::ua {
namespace {

/// A call whose INVITE has this number.
struct Call : testing::TwoParties {
  explicit Call(std::uint32_t sequence) {
    ask("INVITE", {}, sequence);
    answer(200);
    acknowledge();
    id = alices();
  }
  Result<TransactionId> inform() {
    sip::Message info = testing::to_bob("INFO");
    if (const auto draft = alice.agent.draft(id, "INFO")) info = *draft;
    const Result<TransactionId> sent = alice.agent.send(id, std::move(info), now);
    settle();
    return sent;
  }
  std::string heard() const { return std::string{bob.last<Request>().message.text("CSeq")}; }

  DialogId id{};
};

TEST_CASE("RFC 3261 §8.1.1.5: a number that is reserved is used by nobody else") {
  Call call(1);
  CHECK(call.alice.agent.reserve_sequence(call.id) == 2U);
  REQUIRE(call.inform());
  CHECK(call.heard() == "3 INFO");
}

TEST_CASE("RFC 3261 §8.1.1.5: when no CSeq number is left the dialog sends no more") {
  Call call(dialog::sequence_max - 2);
  REQUIRE(call.inform());
  CHECK(call.heard() == "2147483646 INFO");
  REQUIRE(call.inform());
  CHECK(call.heard() == "2147483647 INFO");
  const Result<TransactionId> beyond = call.inform();
  REQUIRE_FALSE(beyond);
  CHECK(beyond.error() == Error{Fault::too_many, "CSeq"});
  CHECK(call.heard() == "2147483647 INFO");
  CHECK(call.alice.agent.reserve_sequence(call.id) == std::nullopt);
}

}  // namespace
}  // namespace kith::ua
