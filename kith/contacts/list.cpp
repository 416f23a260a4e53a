#include "kith/contacts/list.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <utility>

#include "kith/base/ensure.h"
#include "kith/base/overloaded.h"
#include "kith/base/text.h"
#include "kith/xml/parse.h"
#include "kith/xml/writer.h"

namespace kith::contacts {

namespace {

/// Where the contact is, or would have to be.
template <class Contacts>
auto place_of(Contacts& contacts, std::string_view uri) {
  return std::ranges::lower_bound(contacts, uri, LessIgnoringCase{}, &Contact::uri);
}

template <class Groups>
auto place_of(Groups& groups, GroupId id) {
  return std::ranges::lower_bound(groups, id, {}, &Group::id);
}

template <class Contacts>
bool is_at(const Contacts& contacts, typename Contacts::const_iterator place,
           std::string_view uri) {
  return place != contacts.end() && equal_ignoring_case(place->uri, uri);
}

std::optional<Refusal> fault_of(std::string_view name, std::string_view external_uri) {
  if (name.size() > name_bytes_max || external_uri.size() > external_uri_bytes_max)
    return Refusal::too_long;
  if (!xml::is_text(name) || !xml::is_text(external_uri)) return Refusal::malformed_text;
  return std::nullopt;
}

bool is_well_formed(std::string_view extension) {
  if (extension.empty()) return true;
  std::string document = "<x>";
  document += extension;
  document += "</x>";
  return xml::parse(document, extension_document).has_value();
}

std::optional<Refusal> fault_of(const Contact& contact) {
  if (contact.uri.size() > uri_bytes_max || contact.extension.size() > extension_bytes_max)
    return Refusal::too_long;
  if (!is_contact_uri(contact.uri)) return Refusal::malformed_uri;
  if (!is_well_formed(contact.extension)) return Refusal::malformed_extension;
  return fault_of(contact.name, contact.external_uri);
}

/// Ascending, each once; group 0 is the default group, and so is none.
std::vector<GroupId> in_order(std::vector<GroupId> groups) {
  std::ranges::replace(groups, GroupId{0}, default_group_id);
  if (groups.empty()) groups.push_back(default_group_id);
  std::ranges::sort(groups);
  const auto repeated = std::ranges::unique(groups);
  groups.erase(repeated.begin(), repeated.end());
  return groups;
}

}  // namespace

List::List()
    : groups_{
          {.id = default_group_id, .name = std::string(default_group_name), .external_uri = {}}} {}

std::expected<List, Refusal> List::make(Version version, std::vector<Group> groups,
                                        std::vector<Contact> contacts) {
  if (version == Version{0}) return std::unexpected(Refusal::version_conflict);  // SIP-CONT-26
  List list;
  list.version_ = version;
  const bool has_default = std::ranges::find(groups, default_group_id, &Group::id) != groups.end();
  if (has_default) list.groups_.clear();
  for (const Group& group : groups)
    if (const auto done = list.put(group, false); !done) return std::unexpected(done.error());
  for (Contact& contact : contacts) {
    contact.groups = in_order(std::move(contact.groups));
    if (const auto done = list.put(contact, false); !done) return std::unexpected(done.error());
  }
  return list;
}

const Contact* List::contact(std::string_view uri) const {
  const auto place = place_of(contacts_, uri);
  return is_at(contacts_, place, uri) ? &*place : nullptr;
}

const Group* List::group(GroupId id) const {
  const auto place = place_of(groups_, id);
  return place != groups_.end() && place->id == id ? &*place : nullptr;
}

std::expected<void, Refusal> List::expect(Version version) const {
  if (version != version_) return std::unexpected(Refusal::version_conflict);
  return {};
}

std::expected<Delta, Refusal> List::set_contact(Contact contact, const Limits& limits) {
  const Contact* old = this->contact(contact.uri);
  if (old == nullptr && contacts_.size() >= limits.contacts_max)
    return std::unexpected(Refusal::too_many_contacts);
  contact.groups = in_order(std::move(contact.groups));
  if (old == nullptr) return commit({AddedContact{std::move(contact)}});
  contact.uri = old->uri;
  return commit({ModifiedContact{std::move(contact)}});
}

std::expected<Delta, Refusal> List::delete_contact(std::string_view uri) {
  const Contact* old = contact(uri);
  return commit({DeletedContact{old == nullptr ? std::string(uri) : old->uri}});
}

std::expected<NewGroup, Refusal> List::add_group(std::string name, std::string external_uri,
                                                 const Limits& limits) {
  if (groups_.size() >= limits.groups_max) return std::unexpected(Refusal::too_many_groups);
  GroupId id = default_group_id;
  while (group(id) != nullptr && id < last_group_id) ++id.value;
  if (group(id) != nullptr) return std::unexpected(Refusal::too_many_groups);
  auto delta = commit(
      {AddedGroup{{.id = id, .name = std::move(name), .external_uri = std::move(external_uri)}}});
  if (!delta) return std::unexpected(delta.error());
  return NewGroup{.delta = std::move(*delta), .id = id};
}

std::expected<Delta, Refusal> List::modify_group(Group group) {
  if (group.id == GroupId{0}) return std::unexpected(Refusal::group_zero);
  if (group.id == default_group_id) return std::unexpected(Refusal::default_group);
  return commit({ModifiedGroup{std::move(group)}});
}

std::expected<Delta, Refusal> List::delete_group(GroupId id) {
  if (id == GroupId{0}) return std::unexpected(Refusal::group_zero);
  if (id == default_group_id) return std::unexpected(Refusal::default_group);
  std::vector<Change> changes;
  for (const Contact& contact : contacts_) {
    if (!std::ranges::binary_search(contact.groups, id)) continue;
    Contact leaving = contact;
    std::erase(leaving.groups, id);
    leaving.groups = in_order(std::move(leaving.groups));
    changes.push_back(ModifiedContact{std::move(leaving)});
  }
  changes.push_back(DeletedGroup{id});
  return commit(std::move(changes));
}

void List::apply(const Delta& delta) { ensure(follow(delta).has_value()); }

std::expected<void, Refusal> List::follow(const Delta& delta) {
  if (delta.from != version_ || delta.to == Version{0})
    return std::unexpected(Refusal::version_conflict);
  if (delta.changes.size() ==
      1) {  // the usual case needs no copy: a step is done whole or not at all
    if (const auto done = step(delta.changes.front()); !done) return done;
    version_ = delta.to;
    return {};
  }
  List next = *this;
  for (const Change& change : delta.changes)
    if (const auto done = next.step(change); !done) return done;
  next.version_ = delta.to;
  *this = std::move(next);
  return {};
}

std::expected<Delta, Refusal> List::commit(std::vector<Change> changes) {
  if (version_.value == std::numeric_limits<std::uint32_t>::max())
    return std::unexpected(Refusal::versions_exhausted);
  Delta delta{.from = version_, .to = Version{version_.value + 1}, .changes = std::move(changes)};
  if (const auto done = follow(delta); !done) return std::unexpected(done.error());
  return delta;
}

std::expected<void, Refusal> List::step(const Change& change) {
  return std::visit(
      Overloaded{
          [this](const AddedGroup& added) { return put(added.group, false); },
          [this](const ModifiedGroup& modified) { return put(modified.group, true); },
          [this](const AddedContact& added) { return put(added.contact, false); },
          [this](const ModifiedContact& modified) { return put(modified.contact, true); },
          [this](const DeletedGroup& deleted) { return remove(deleted.id); },
          [this](const DeletedContact& deleted) { return remove(deleted.uri); },
      },
      change);
}

std::expected<void, Refusal> List::put(const Contact& contact, bool exists) {
  if (const auto fault = fault_of(contact)) return std::unexpected(*fault);
  if (contact.groups.empty() ||
      std::ranges::adjacent_find(contact.groups, std::greater_equal{}) != contact.groups.end())
    return std::unexpected(Refusal::unknown_group);
  for (const GroupId id : contact.groups)
    if (group(id) == nullptr) return std::unexpected(Refusal::unknown_group);
  const auto place = place_of(contacts_, contact.uri);
  const bool there = is_at(contacts_, place, contact.uri);
  if (there != exists)
    return std::unexpected(there ? Refusal::already_there : Refusal::no_such_contact);
  if (there) {
    *place = contact;
  } else {
    contacts_.insert(place, contact);
  }
  return {};
}

std::expected<void, Refusal> List::put(const Group& group, bool exists) {
  if (const auto fault = fault_of(group.name, group.external_uri)) return std::unexpected(*fault);
  const auto place = place_of(groups_, group.id);
  const bool there = place != groups_.end() && place->id == group.id;
  if (exists && !there) return std::unexpected(Refusal::no_such_group);
  if (there && !exists) return std::unexpected(Refusal::already_there);
  if (group.id == GroupId{0}) return std::unexpected(Refusal::group_zero);
  if (group.id > last_group_id) return std::unexpected(Refusal::too_many_groups);
  if (there) {
    *place = group;
  } else {
    groups_.insert(place, group);
  }
  return {};
}

std::expected<void, Refusal> List::remove(GroupId id) {
  if (id == default_group_id) return std::unexpected(Refusal::default_group);
  const auto place = place_of(groups_, id);
  if (place == groups_.end() || place->id != id) return std::unexpected(Refusal::no_such_group);
  for (const Contact& contact : contacts_)
    if (std::ranges::binary_search(contact.groups, id))
      return std::unexpected(Refusal::group_in_use);
  groups_.erase(place);
  return {};
}

std::expected<void, Refusal> List::remove(std::string_view uri) {
  const auto place = place_of(contacts_, uri);
  if (!is_at(contacts_, place, uri)) return std::unexpected(Refusal::no_such_contact);
  contacts_.erase(place);
  return {};
}

}  // namespace kith::contacts
