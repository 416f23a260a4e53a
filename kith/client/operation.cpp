#include "kith/client/operation.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "kith/base/overloaded.h"
#include "kith/soap/envelope.h"
#include "kith/soap/operation/add_group.h"
#include "kith/soap/operation/delete_contact.h"
#include "kith/soap/operation/delete_group.h"
#include "kith/soap/operation/modify_group.h"
#include "kith/soap/operation/set_contact.h"

namespace kith::client {

namespace {

using contacts::Contact;
using contacts::Group;
using contacts::GroupId;
using contacts::List;
using Prepared = std::expected<Step, Settled>;

std::unexpected<Settled> refused(std::string reason) {
  return std::unexpected(Settled{.as_wished = false, .reason = std::move(reason)});
}

/// Only a repeated operation may find its work done by somebody else; at first it is a mistake.
std::unexpected<Settled> already(Attempt attempt, std::string reason) {
  return std::unexpected(
      Settled{.as_wished = attempt == Attempt::repeated, .reason = std::move(reason)});
}

std::optional<std::string> missing_group(const std::vector<GroupId>& groups, const List& list) {
  for (const GroupId id : groups)
    if (id.value != 0 && list.group(id) == nullptr)
      return "there is no group " + std::to_string(id.value) + " on the list";
  return std::nullopt;
}

Prepared set(Contact contact, const List& list) {
  if (auto missing = missing_group(contact.groups, list)) return refused(*std::move(missing));
  return Step{
      soap::envelope(soap::SetContact{.contact = std::move(contact), .expected = list.version()})};
}

Prepared prepare_one(const AddContact& add, const List& list, Attempt attempt) {
  if (list.contact(add.contact.uri) != nullptr)
    return already(attempt, add.contact.uri + " is on the list already");
  return set(add.contact, list);
}

Prepared prepare_one(const ChangeContact& change, const List& list, Attempt attempt) {
  const Contact* there = list.contact(change.uri);
  if (there == nullptr) return refused(change.uri + " is not on the list");
  Contact contact = *there;
  if (change.name) contact.name = *change.name;
  if (change.groups) contact.groups = *change.groups;
  if (attempt == Attempt::repeated && contact == *there)
    return already(attempt, change.uri + " is already as wished");
  return set(std::move(contact), list);
}

Prepared prepare_one(const RemoveContact& remove, const List& list, Attempt attempt) {
  if (list.contact(remove.uri) == nullptr)
    return already(attempt, remove.uri + " is not on the list");
  return Step{soap::envelope(soap::DeleteContact{.uri = remove.uri, .expected = list.version()})};
}

Prepared prepare_one(const AddGroup& add, const List& list, Attempt attempt) {
  const auto there = std::ranges::find(list.groups(), add.name, &Group::name);
  // Names are no keys: a second group of the same name is made where the user asks for it.
  if (attempt == Attempt::repeated && there != list.groups().end()) {
    return std::unexpected(Settled{.as_wished = true,
                                   .reason = "there is a group " + add.name + " already",
                                   .group = there->id});
  }
  return Step{soap::envelope(
      soap::AddGroup{.group_name = add.name, .external_uri = {}, .expected = list.version()})};
}

Prepared prepare_one(const RenameGroup& rename, const List& list, Attempt attempt) {
  const Group* there = list.group(rename.id);
  if (there == nullptr)
    return refused("there is no group " + std::to_string(rename.id.value) + " on the list");
  if (rename.id == contacts::default_group_id) return refused("group 1 keeps its name");
  if (attempt == Attempt::repeated && there->name == rename.name)
    return already(attempt, "the group has that name already");
  Group group = *there;
  group.name = rename.name;
  return Step{
      soap::envelope(soap::ModifyGroup{.group = std::move(group), .expected = list.version()})};
}

Prepared prepare_one(const RemoveGroup& remove, const List& list, Attempt attempt) {
  if (remove.id == contacts::default_group_id)
    return refused("group 1 holds the contacts that are in no other group; it always stays");
  if (list.group(remove.id) == nullptr)
    return already(attempt,
                   "there is no group " + std::to_string(remove.id.value) + " on the list");
  const auto is_in = [&](const Contact& contact) {
    return std::ranges::find(contact.groups, remove.id) != contact.groups.end();
  };
  const auto first = std::ranges::find_if(list.contacts(), is_in);
  if (first == list.contacts().end())
    return Step{soap::envelope(soap::DeleteGroup{.id = remove.id, .expected = list.version()})};
  Contact contact = *first;
  std::erase(contact.groups, remove.id);
  Prepared leaves = set(std::move(contact), list);
  if (leaves)
    leaves->left = static_cast<std::size_t>(std::ranges::count_if(list.contacts(), is_in));
  return leaves;
}

std::string number(GroupId id) { return std::to_string(id.value); }

}  // namespace

std::string describe(const Operation& operation) {
  return std::visit(
      Overloaded{
          [](const AddContact& add) { return "add " + add.contact.uri; },
          [](const ChangeContact& change) { return "change " + change.uri; },
          [](const RemoveContact& remove) { return "remove " + remove.uri; },
          [](const AddGroup& add) { return "add group " + add.name; },
          [](const RenameGroup& rename) { return "rename group " + number(rename.id); },
          [](const RemoveGroup& remove) { return "remove group " + number(remove.id); },
      },
      operation);
}

std::expected<Step, Settled> prepare(const Operation& operation, const List& list,
                                     Attempt attempt) {
  return std::visit([&](const auto& one) { return prepare_one(one, list, attempt); }, operation);
}

}  // namespace kith::client
