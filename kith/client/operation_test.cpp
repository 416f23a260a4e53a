#include "kith/client/operation.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "kith/soap/envelope.h"
#include "kith/soap/operation/delete_group.h"
#include "kith/soap/operation/set_contact.h"

using namespace kith;
using namespace kith::client;
using contacts::GroupId;

namespace {

const std::string bob = "sip:bob@example.com";
const std::string dan = "sip:dan@example.com";

contacts::Contact contact(std::string uri, std::string name, std::vector<GroupId> groups = {}) {
  return {.uri = std::move(uri),
          .name = std::move(name),
          .groups = std::move(groups),
          .external_uri = {},
          .extension = {}};
}

/// Bob in group 2, "Lab"; version 3.
contacts::List list() {
  contacts::List made;
  made.add_group("Lab", {}).value();
  made.set_contact(contact(bob, "Bob", {GroupId{2}})).value();
  return made;
}

enum class Ends { sent, as_wished, refused };

Ends end_of(const Operation& operation, Attempt attempt) {
  const auto prepared = prepare(operation, list(), attempt);
  if (prepared) return Ends::sent;
  CHECK_FALSE(prepared.error().reason.empty());
  return prepared.error().as_wished ? Ends::as_wished : Ends::refused;
}

}  // namespace

TEST_CASE("SIP-CONT-10: what still makes sense on a list that another device has changed") {
  struct Row {
    Operation operation;
    Ends first;
    Ends repeated;
  };
  const std::vector<Row> rows{
      {AddContact{contact(dan, "Dan")}, Ends::sent, Ends::sent},
      {AddContact{contact("sip:BOB@example.com", "Bob")}, Ends::refused, Ends::as_wished},
      {AddContact{contact(dan, "Dan", {GroupId{7}})}, Ends::refused, Ends::refused},
      {ChangeContact{.uri = bob, .name = "Robert"}, Ends::sent, Ends::sent},
      {ChangeContact{.uri = bob, .name = "Bob"}, Ends::sent, Ends::as_wished},
      {ChangeContact{.uri = bob, .groups = {{GroupId{1}}}}, Ends::sent, Ends::sent},
      {ChangeContact{.uri = bob, .groups = {{GroupId{7}}}}, Ends::refused, Ends::refused},
      {ChangeContact{.uri = dan, .name = "Dan"}, Ends::refused, Ends::refused},
      {RemoveContact{bob}, Ends::sent, Ends::sent},
      {RemoveContact{dan}, Ends::refused, Ends::as_wished},
      {AddGroup{"Work"}, Ends::sent, Ends::sent},
      {AddGroup{"Lab"}, Ends::sent, Ends::as_wished},
      {RenameGroup{GroupId{2}, "Work"}, Ends::sent, Ends::sent},
      {RenameGroup{GroupId{2}, "Lab"}, Ends::sent, Ends::as_wished},
      {RenameGroup{GroupId{7}, "Work"}, Ends::refused, Ends::refused},
      {RenameGroup{GroupId{1}, "Work"}, Ends::refused, Ends::refused},
      {RemoveGroup{GroupId{2}}, Ends::sent, Ends::sent},
      {RemoveGroup{GroupId{7}}, Ends::refused, Ends::as_wished},
      {RemoveGroup{GroupId{1}}, Ends::refused, Ends::refused},
  };
  for (const Row& row : rows) {
    CAPTURE(describe(row.operation));
    CHECK(end_of(row.operation, Attempt::first) == row.first);
    CHECK(end_of(row.operation, Attempt::repeated) == row.repeated);
  }
}

TEST_CASE("SIP-CONT-08: a change carries the list's deltaNum and leaves the rest as it is") {
  const auto step = prepare(ChangeContact{.uri = bob, .name = "Robert"}, list(), Attempt::first);
  REQUIRE(step);
  const auto set = soap::read<soap::SetContact>(step->body);
  REQUIRE(set);
  CHECK(set->expected == contacts::Version{3});
  CHECK(set->contact == contact(bob, "Robert", {GroupId{2}}));
}

TEST_CASE("SIP-GRP-06: a group is emptied, contact by contact, before it is deleted") {
  contacts::List full = list();
  full.set_contact(contact(dan, "Dan", {GroupId{1}, GroupId{2}})).value();
  const RemoveGroup remove{GroupId{2}};
  for (int left = 2; left > 0; --left) {
    const auto step = prepare(remove, full, Attempt::first);
    REQUIRE(step);
    CHECK(step->left == static_cast<std::size_t>(left));
    const auto set = soap::read<soap::SetContact>(step->body);
    REQUIRE(set);
    CHECK(set->expected == full.version());
    full.set_contact(set->contact).value();
  }
  CHECK(full.contact(bob)->groups == std::vector{GroupId{1}});
  CHECK(full.contact(dan)->groups == std::vector{GroupId{1}});
  const auto step = prepare(remove, full, Attempt::first);
  REQUIRE(step);
  CHECK(step->left == 0);
  CHECK(soap::read<soap::DeleteGroup>(step->body)->id == GroupId{2});
}

TEST_CASE("The group that another device made under that name is the one that was wished for") {
  const auto prepared = prepare(AddGroup{"Lab"}, list(), Attempt::repeated);
  REQUIRE_FALSE(prepared);
  CHECK(prepared.error().group == GroupId{2});
}
