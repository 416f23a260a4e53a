#include "kith/auth/associations.h"

#include <doctest/doctest.h>

#include "kith/auth/limits.h"

using namespace kith;
using namespace kith::auth;

namespace {

constexpr Time start{1000h};

SaRef device(std::string aor, std::string epid) {
  return {.aor = sip::Aor{std::move(aor)}, .epid = std::move(epid)};
}

const SaRef alice = device("alice@example.com", "01");

Association with_opaque(std::string opaque, Time ends = never) {
  Association association;
  association.opaque = std::move(opaque);
  association.ends = ends;
  return association;
}

}  // namespace

TEST_CASE("a new handshake replaces the association of the same device only") {
  Associations associations;
  REQUIRE(associations.put(alice, with_opaque("A"), start));
  REQUIRE(associations.put(device("alice@example.com", "02"), with_opaque("B"), start));
  REQUIRE(associations.put(alice, with_opaque("C"), start));
  CHECK(associations.size() == 2);
  CHECK(associations.find(alice, start)->opaque == "C");
  CHECK(associations.find(device("alice@example.com", "02"), start)->opaque == "B");
  CHECK(associations.find(device("bob@example.com", "01"), start) == nullptr);
}

TEST_CASE("an association that never registers ends after 15 idle minutes") {
  Associations associations;
  associations.put(alice, with_opaque("A"), start);
  associations.used(*associations.find(alice, start), start + 10min);
  CHECK(associations.find(alice, start + 24min) != nullptr);
  CHECK(associations.find(alice, start + 25min) == nullptr);
  CHECK(associations.expire(start + 25min) == std::vector{alice});
  CHECK(associations.size() == 0);
  CHECK(associations.next_deadline() == never);
}

TEST_CASE("a registration keeps it until 30 s after its end, 8 h 5 min at most") {
  Associations associations;
  associations.put(alice, with_opaque("A"), start);
  associations.registered(alice, start + 2h);
  CHECK(associations.find(alice, start + 2h + 29s) != nullptr);
  CHECK(associations.find(alice, start + 2h + 30s) == nullptr);
  associations.registered(alice, start + 20h);
  CHECK(associations.find(alice, start + 8h + 5min - 1ns) != nullptr);
  CHECK(associations.find(alice, start + 8h + 5min) == nullptr);
}

TEST_CASE("it ends with the ticket if that ends earlier") {
  Associations associations;
  associations.put(alice, with_opaque("A", start + 5min), start);
  CHECK(associations.find(alice, start + 5min - 1ns) != nullptr);
  CHECK(associations.find(alice, start + 5min) == nullptr);
}

TEST_CASE("sign-off ends one device, a new password all of the user") {
  Associations associations;
  const SaRef other = device("alice@example.com", "02");
  const SaRef neighbour = device("alice@example.com.evil", "01");
  for (const SaRef& one : {alice, other, neighbour}) associations.put(one, {}, start);
  CHECK(associations.remove(alice));
  CHECK_FALSE(associations.remove(alice));
  associations.put(alice, with_opaque("A"), start);
  CHECK(associations.remove_user(alice.aor) == std::vector{alice, other});
  CHECK(associations.size() == 1);
}

TEST_CASE("a user's oldest device makes room, other users lose nothing") {
  Associations associations;
  const auto epid = [](std::size_t i) { return std::to_string(1000 + i); };
  associations.put(device("bob@example.com", "01"), with_opaque("B"), start);
  for (std::size_t i = 0; i <= limits::associations_per_user_max; ++i)
    associations.put(device("alice@example.com", epid(i)), with_opaque("A", never),
                     start + Duration(i));
  CHECK(associations.size() == limits::associations_per_user_max + 1);
  CHECK(associations.find(device("alice@example.com", epid(0)), start + 1s) == nullptr);
  CHECK(associations.find(device("alice@example.com", epid(1)), start + 1s) != nullptr);
  CHECK(associations.find(device("bob@example.com", "01"), start + 1s) != nullptr);
}

TEST_CASE("a full table takes no new device, but renews the ones it has") {
  Associations associations;
  for (std::size_t i = 0; i < limits::associations_max; ++i)
    associations.put(device(std::to_string(i) + "@example.com", "01"), with_opaque("A", never),
                     start);
  CHECK_FALSE(associations.put(alice, with_opaque("A"), start));
  CHECK(associations.put(device("7@example.com", "01"), with_opaque("new"), start));
  CHECK(associations.put(alice, with_opaque("A"), start + 1h));  // the others have ended by then
}
