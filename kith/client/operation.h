#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "kith/contacts/contact.h"
#include "kith/contacts/list.h"

/// What a user wants done to the list. Said as a wish, so that it can be held against a list that
/// another device has changed meanwhile.
namespace kith::client {

/// A contact that is to be in the list.
struct AddContact {
  contacts::Contact contact;
  bool operator==(const AddContact&) const = default;
};
/// What is left out stays as it is.
struct ChangeContact {
  std::string uri;
  std::optional<std::string> name{};
  std::optional<std::vector<contacts::GroupId>> groups{};
  bool operator==(const ChangeContact&) const = default;
};
/// A contact that is to go, by its URI.
struct RemoveContact {
  std::string uri;
  bool operator==(const RemoveContact&) const = default;
};
/// A group of this name; its id is the server's choice.
struct AddGroup {
  std::string name;
  bool operator==(const AddGroup&) const = default;
};
/// Another name for a group.
struct RenameGroup {
  contacts::GroupId id;
  std::string name;
  bool operator==(const RenameGroup&) const = default;
};
/// A group that is to go.
struct RemoveGroup {
  contacts::GroupId id;
  bool operator==(const RemoveGroup&) const = default;
};

using Operation =
    std::variant<AddContact, ChangeContact, RemoveContact, AddGroup, RenameGroup, RemoveGroup>;

/// "add sip:bob@example.com", for people.
std::string describe(const Operation& operation);

/// Why nothing is to be sent.
struct Settled {
  bool as_wished = false;  // the list is already as the operation would make it
  std::string reason;
  std::optional<contacts::GroupId> group{};  // of an AddGroup that is as wished

  bool operator==(const Settled&) const = default;
};

/// Whether an operation is tried for the first time, or once more on a list that has changed.
enum class Attempt : bool { first, repeated };

/// A step towards what is wished.
struct Step {
  std::string body;  // the SOAP document, with the list's deltaNum: SIP-CONT-08
  /// Steps that follow, as the list stands; each is prepared on the list that the last one made.
  std::size_t left = 0;
};

/// The next request that an operation needs on this list. One is enough, except to remove a group:
/// its contacts leave it first, one by one (SIP-GRP-06). Group 1 is refused: what is in no other
/// group comes back to it.
std::expected<Step, Settled> prepare(const Operation& operation, const contacts::List& list,
                                     Attempt attempt);

}  // namespace kith::client
