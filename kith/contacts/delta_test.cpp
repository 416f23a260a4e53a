#include "kith/contacts/delta.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>

#include "kith/base/random.h"
#include "kith/contacts/format/roaming.h"
#include "kith/contacts/list.h"

namespace kith::contacts {
namespace {

GroupId any_group(SeededRandom& random) { return {static_cast<std::uint8_t>(random.below(8))}; }

std::string any_uri(SeededRandom& random) {
  return "sip:u" + std::to_string(random.below(12)) + "@example.com";
}

std::string any_name(SeededRandom& random) {
  constexpr std::string_view names[] = {"", "Ann", "<&>\"'", "ä€😀", " two  blanks ", "a\nb"};
  return std::string(names[random.below(std::size(names))]);
}

Contact any_contact(SeededRandom& random) {
  Contact contact{.uri = any_uri(random),
                  .name = any_name(random),
                  .groups = {},
                  .subscribed = random.below(4) != 0,
                  .external_uri = any_name(random),
                  .extension = {}};
  for (std::uint64_t n = random.below(4); n > 0; --n) contact.groups.push_back(any_group(random));
  if (random.below(4) == 0) contact.extension = "<a xmlns=\"urn:x\">1 &lt; 2<b /></a>";
  return contact;
}

/// One operation of any kind; nothing if it was refused.
std::optional<Delta> any_operation(List& list, SeededRandom& random) {
  const auto taken = [](std::expected<Delta, Refusal> result) {
    return result ? std::optional(std::move(*result)) : std::nullopt;
  };
  switch (random.below(8)) {
    case 0:
      return taken(list.delete_contact(any_uri(random)));
    case 1: {
      auto added =
          list.add_group(any_name(random), any_name(random), {.contacts_max = 9, .groups_max = 8});
      return added ? std::optional(std::move(added->delta)) : std::nullopt;
    }
    case 2:
      return taken(list.modify_group(
          {.id = any_group(random), .name = any_name(random), .external_uri = any_name(random)}));
    case 3:
      return taken(list.delete_group(any_group(random)));
    default:
      return taken(list.set_contact(any_contact(random), {.contacts_max = 9, .groups_max = 8}));
  }
}

std::size_t rank(const Change& change) {
  return change.index() < 2 ? 0 : change.index() < 4 ? 1 : change.index();
}

void check_order(const Delta& delta) {
  for (std::size_t i = 1; i < delta.changes.size(); ++i)
    CHECK(rank(delta.changes[i - 1]) <= rank(delta.changes[i]));
}

TEST_CASE(
    "SIP-CONT-04: any operations: deltas apply to a copy, invert, lie between, and keep their "
    "order") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    SeededRandom random(seed);
    List list;
    List follower;
    List long_ago;
    for (int step = 0; step < 60; ++step) {
      const List before = list;
      const auto delta = any_operation(list, random);
      if (!delta) {
        REQUIRE(list == before);
        continue;
      }
      REQUIRE(list.version().value == before.version().value + 1);
      follower.apply(*delta);
      REQUIRE(follower == list);
      check_order(*delta);

      List undone = list;
      undone.apply(invert(*delta, before));
      REQUIRE(undone == before);

      const Delta all = between(long_ago, list);
      check_order(all);
      List caught_up = long_ago;
      caught_up.apply(all);
      REQUIRE(caught_up == list);
      if (random.below(10) == 0) long_ago = list;

      const auto read_list = roaming::parse_list(roaming::write(list));
      REQUIRE(read_list);
      REQUIRE(*read_list == list);
      const auto read_delta = roaming::parse_delta(roaming::write(*delta));
      REQUIRE(read_delta);
      REQUIRE(*read_delta == *delta);
    }
  }
}

TEST_CASE("between two equal lists lies nothing") {
  const List list;
  CHECK(between(list, list).changes.empty());
}

TEST_CASE("between: a contact that goes together with its group leaves the group first") {
  List before;
  REQUIRE(before.add_group("Work", ""));
  REQUIRE(before.set_contact(
      {.uri = "sip:b@h", .name = {}, .groups = {GroupId{2}}, .external_uri = {}, .extension = {}}));
  const List after = *List::make(Version{9}, {}, {});
  const Delta delta = between(before, after);
  REQUIRE(delta.changes.size() == 3);
  CHECK(std::holds_alternative<ModifiedContact>(delta.changes[0]));
  CHECK(delta.changes[1] == Change{DeletedGroup{GroupId{2}}});
  CHECK(delta.changes[2] == Change{DeletedContact{"sip:b@h"}});
  before.apply(delta);
  CHECK(before == after);
}

}  // namespace
}  // namespace kith::contacts
