#include "kith/contacts/delta.h"

#include "kith/contacts/list.h"

namespace kith::contacts {

Delta between(const List& before, const List& after) {
  Delta delta{.from = before.version(), .to = after.version(), .changes = {}};
  std::vector<Change>& changes = delta.changes;
  for (const Group& group : after.groups()) {
    const Group* old = before.group(group.id);
    if (old == nullptr) {
      changes.push_back(AddedGroup{group});
    } else if (*old != group) {
      changes.push_back(ModifiedGroup{group});
    }
  }
  for (const Contact& contact : after.contacts()) {
    const Contact* old = before.contact(contact.uri);
    if (old == nullptr) {
      changes.push_back(AddedContact{contact});
    } else if (*old != contact) {
      changes.push_back(ModifiedContact{contact});
    }
  }
  // A contact that goes may still be in a group that goes, and a group goes before it: it leaves
  // first.
  for (const Contact& contact : before.contacts()) {
    if (after.contact(contact.uri) != nullptr) continue;
    Contact leaving = contact;
    std::erase_if(leaving.groups, [&](GroupId id) { return after.group(id) == nullptr; });
    if (leaving.groups.empty()) leaving.groups = {default_group_id};
    if (leaving != contact) changes.push_back(ModifiedContact{leaving});
  }
  for (const Group& group : before.groups())
    if (after.group(group.id) == nullptr) changes.push_back(DeletedGroup{group.id});
  for (const Contact& contact : before.contacts())
    if (after.contact(contact.uri) == nullptr) changes.push_back(DeletedContact{contact.uri});
  return delta;
}

Delta invert(const Delta& delta, const List& before) {
  List after = before;
  after.apply(delta);
  return between(after, before);
}

}  // namespace kith::contacts
