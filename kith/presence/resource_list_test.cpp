#include "kith/presence/resource_list.h"

#include <doctest/doctest.h>

namespace kith::presence {
namespace {

using adrl::Action;
using Uris = std::vector<std::string>;

adrl::AdHocList change_of(Action action, Uris resources) {
  return {.watcher = "sip:alice@example.com", .action = action, .resources = std::move(resources)};
}

TEST_CASE("SIP-BATCH-04: create makes the list, add and delete change it") {
  ResourceList list;
  CHECK(list.apply(change_of(Action::create, {"sip:a@h", "sip:b@h"})) ==
        Uris{"sip:a@h", "sip:b@h"});
  CHECK(list.apply(change_of(Action::add, {"sip:B@H", "sip:c@h"})) == Uris{"sip:c@h"});
  CHECK(list.resources() == Uris{"sip:a@h", "sip:b@h", "sip:c@h"});
  CHECK(list.apply(change_of(Action::remove, {"sip:A@h", "sip:x@h"})) == Uris{});
  CHECK(list.resources() == Uris{"sip:b@h", "sip:c@h"});
  CHECK(list.contains("SIP:c@H"));
  CHECK_FALSE(list.contains("sip:a@h"));
}

TEST_CASE("SIP-BATCH-04: a create in the same dialog takes the place of the list") {
  ResourceList list;
  REQUIRE(list.apply(change_of(Action::create, {"sip:a@h", "sip:b@h"})));
  CHECK(list.apply(change_of(Action::create, {"sip:b@h"})) == Uris{"sip:b@h"});
  CHECK(list.resources() == Uris{"sip:b@h"});
  CHECK(list.apply(change_of(Action::create, {})) == Uris{});
  CHECK(list.resources().empty());
}

TEST_CASE("a resource that is named twice is on the list once") {
  ResourceList list;
  CHECK(list.apply(change_of(Action::create, {"sip:a@h", "SIP:A@h", "sip:a@h"})) ==
        Uris{"sip:a@h"});
}

TEST_CASE("SIP-BATCH-05, SIP-BATCH-06: how long a list may be is configured, 250 otherwise") {
  CHECK(Limits{}.resources_max == 250);
  Uris uris;
  for (int i = 0; i < 250; ++i) uris.push_back("sip:" + std::to_string(i) + "@h");
  ResourceList list;
  CHECK(list.apply(change_of(Action::create, uris)) == uris);
  CHECK(list.apply(change_of(Action::create, uris), {.resources_max = 249}).error() ==
        Error{.fault = Fault::too_many, .where = "resource"});
}

TEST_CASE("SIP-BATCH-07: a list above the limit is refused, and the one that was there stays") {
  const Limits limits{.resources_max = 2};
  ResourceList list;
  REQUIRE(list.apply(change_of(Action::create, {"sip:a@h", "sip:b@h"}), limits));
  CHECK_FALSE(list.apply(change_of(Action::create, {"sip:x@h", "sip:y@h", "sip:z@h"}), limits));
  CHECK_FALSE(list.apply(change_of(Action::add, {"sip:c@h"}), limits));
  CHECK(list.resources() == Uris{"sip:a@h", "sip:b@h"});
  CHECK(list.apply(change_of(Action::add, {"sip:b@h"}), limits) == Uris{});
}

TEST_CASE("SIP-BATCH-09: the version counts the notifications of a subscription") {
  ResourceList list;
  CHECK(list.next_version() == 0);
  CHECK(list.next_version() == 1);
  REQUIRE(list.apply(change_of(Action::create, {"sip:a@h"})));
  CHECK(list.next_version() == 2);
}

}  // namespace
}  // namespace kith::presence
