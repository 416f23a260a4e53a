#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "kith/contacts/contact.h"
#include "kith/contacts/delta.h"
#include "kith/contacts/limits.h"
#include "kith/contacts/refusal.h"

namespace kith::contacts {

/// What adding a group changed, and the id that it was given.
struct NewGroup {
  Delta delta;
  GroupId id;
};

/// The contacts and groups of one user under one version number.
///
/// Always whole: group 1 exists, every contact is in at least one group that exists, ids are 1
/// to 63. An operation either raises the version by exactly one and returns what changed, or
/// changes nothing at all.
class List {
 public:
  /// Version 1, no contacts, group 1.
  List();

  /// As a store or a document gives it. Group 1 is added if it is missing; a contact without groups
  /// goes there. Refused if it cannot be a whole list; of counts only the 63 group ids are checked.
  static std::expected<List, Refusal> make(Version version, std::vector<Group> groups,
                                           std::vector<Contact> contacts);

  Version version() const { return version_; }
  const std::vector<Group>& groups() const { return groups_; }        // by id
  const std::vector<Contact>& contacts() const { return contacts_; }  // by URI, ignoring case

  /// Ignores case; SIP-CONT-30. Valid until the list changes.
  const Contact* contact(std::string_view uri) const;
  const Group* group(GroupId id) const;

  /// Refusal::version_conflict unless it is the current one.
  std::expected<void, Refusal> expect(Version version) const;

  /// Adds the contact, or gives the one of that URI this new state; its URI keeps the stored
  /// spelling. Group 0 means the default group, and so do no groups at all.
  std::expected<Delta, Refusal> set_contact(Contact contact, const Limits& limits = {});
  std::expected<Delta, Refusal> delete_contact(std::string_view uri);
  /// Under the lowest free id of 2 to 63.
  std::expected<NewGroup, Refusal> add_group(std::string name, std::string external_uri,
                                             const Limits& limits = {});
  std::expected<Delta, Refusal> modify_group(Group group);
  /// Contacts leave it in the same step; those in no other group go to group 1.
  std::expected<Delta, Refusal> delete_group(GroupId id);

  /// One step forward by a delta of our own making, which must fit: anything else is a bug.
  void apply(const Delta& delta);
  /// The same for a delta that came from elsewhere: refused, and the list unchanged, if it does not
  /// fit. Its receiver then reads the full list.
  std::expected<void, Refusal> follow(const Delta& delta);

  bool operator==(const List&) const = default;

 private:
  std::expected<Delta, Refusal> commit(std::vector<Change> changes);
  std::expected<void, Refusal> step(const Change& change);
  std::expected<void, Refusal> put(const Contact& contact, bool exists);
  std::expected<void, Refusal> put(const Group& group, bool exists);
  std::expected<void, Refusal> remove(GroupId id);
  std::expected<void, Refusal> remove(std::string_view uri);

  Version version_{1};  // SIP-CONT-26
  std::vector<Group> groups_;
  std::vector<Contact> contacts_;
};

}  // namespace kith::contacts
