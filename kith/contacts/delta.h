#pragma once

#include <string>
#include <variant>
#include <vector>

#include "kith/contacts/contact.h"

namespace kith::contacts {

class List;

/// A group that is new.
struct AddedGroup {
  Group group;
  bool operator==(const AddedGroup&) const = default;
};
/// The whole new state of the group.
struct ModifiedGroup {
  Group group;
  bool operator==(const ModifiedGroup&) const = default;
};
/// A contact that is new.
struct AddedContact {
  Contact contact;
  bool operator==(const AddedContact&) const = default;
};
/// The whole new state of the contact.
struct ModifiedContact {
  Contact contact;
  bool operator==(const ModifiedContact&) const = default;
};
/// A group that is gone.
struct DeletedGroup {
  GroupId id;
  bool operator==(const DeletedGroup&) const = default;
};
/// A contact that is gone, by its URI.
struct DeletedContact {
  std::string uri;
  bool operator==(const DeletedContact&) const = default;
};

using Change = std::variant<AddedGroup, ModifiedGroup, AddedContact, ModifiedContact, DeletedGroup,
                            DeletedContact>;

/// What makes one version of a list another. Groups added and modified, contacts added and
/// modified, groups deleted, contacts deleted: in this order (SIP-CONT-04), so that a list that
/// takes the changes one by one is whole after each.
struct Delta {
  Version from;
  Version to;
  std::vector<Change> changes;

  bool operator==(const Delta&) const = default;
};

/// What turns `before` into `after`.
Delta between(const List& before, const List& after);

/// What takes the delta back: from delta.to to delta.from. `before` is the list it was made for.
Delta invert(const Delta& delta, const List& before);

}  // namespace kith::contacts
