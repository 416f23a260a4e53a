#include "kith/contacts/list.h"

#include <doctest/doctest.h>

#include <limits>
#include <optional>
#include <string>

#include "kith/contacts/limits.h"

namespace kith::contacts {
namespace {

Contact bob(std::vector<GroupId> groups = {}) {
  return {.uri = "sip:bob@example.com",
          .name = "Bob",
          .groups = std::move(groups),
          .external_uri = {},
          .extension = {}};
}

Contact numbered(std::size_t n) {
  return {.uri = "sip:u" + std::to_string(n) + "@example.com",
          .name = {},
          .groups = {},
          .external_uri = {},
          .extension = {}};
}

Group group(unsigned id, std::string name) {
  return {
      .id = GroupId{static_cast<std::uint8_t>(id)}, .name = std::move(name), .external_uri = {}};
}

/// Groups 1, 2 "Work" and 3 "Play"; Bob in 2 and 3, Carol in 2; version 5.
List example() {
  List list;
  REQUIRE(list.add_group("Work", ""));
  REQUIRE(list.add_group("Play", ""));
  REQUIRE(list.set_contact(bob({GroupId{2}, GroupId{3}})));
  Contact carol = bob({GroupId{2}});
  carol.uri = "sip:Carol@example.com";
  REQUIRE(list.set_contact(carol));
  return list;
}

/// The refusal, with a check that nothing changed (SIP-CONT-27) and of the status that answers it.
template <class Operation>
void refused(Refusal expected, unsigned status, Operation operation) {
  List list = example();
  const auto result = operation(list);
  REQUIRE_FALSE(result);
  CHECK(result.error() == expected);
  CHECK(status_of(result.error()) == status);
  CHECK(list == example());
}

TEST_CASE("SIP-CONT-26: a new list has version 1; version 0 is refused") {
  CHECK(List().version() == Version{1});
  CHECK_FALSE(List::make(Version{0}, {}, {}));
}

TEST_CASE("SIP-GRP-02: group 1 exists from the start, and a contact without groups is in it") {
  List list;
  REQUIRE(list.groups().size() == 1);
  CHECK(list.groups().front() == group(1, "~"));
  REQUIRE(list.set_contact(bob()));
  CHECK(list.contact("sip:bob@example.com")->groups == std::vector{GroupId{1}});
}

TEST_CASE("SIP-CONT-07: every operation that changes the list raises deltaNum by one") {
  List list;
  const auto steps_to = [&](std::uint32_t version, const auto& result) {
    REQUIRE(result);
    CHECK(list.version() == Version{version});
  };
  steps_to(2, list.add_group("Work", ""));
  steps_to(3, list.set_contact(bob()));
  steps_to(4, list.set_contact(bob({GroupId{2}})));
  steps_to(5, list.modify_group(group(2, "Labour")));
  steps_to(6, list.delete_group(GroupId{2}));
  steps_to(7, list.delete_contact("sip:bob@example.com"));
}

TEST_CASE("SIP-CONT-06: a delta goes from the version of the operation to the next") {
  List list = example();
  const auto delta = list.delete_contact("sip:bob@example.com");
  REQUIRE(delta);
  CHECK(delta->from == Version{5});
  CHECK(delta->to == Version{6});
}

TEST_CASE("SIP-CONT-09: a deltaNum that is not the current one is a conflict, 409") {
  for (const std::uint32_t wrong : {0U, 4U, 6U})
    refused(Refusal::version_conflict, 409,
            [&](const List& list) { return list.expect(Version{wrong}); });
  CHECK(example().expect(Version{5}));
}

TEST_CASE("SIP-CONT-13: setContact adds, and modifies when it is there") {
  List list;
  const auto added = list.set_contact(bob());
  REQUIRE(added);
  CHECK(added->changes == std::vector<Change>{AddedContact{bob({GroupId{1}})}});
  Contact renamed = bob();
  renamed.name = "Robert";
  renamed.subscribed = false;
  const auto modified = list.set_contact(renamed);
  renamed.groups = {GroupId{1}};
  REQUIRE(modified);
  CHECK(modified->changes == std::vector<Change>{ModifiedContact{renamed}});
  CHECK(list.contacts() == std::vector{renamed});
}

TEST_CASE("SIP-CONT-13: setContact without any change raises deltaNum and says modifiedContact") {
  List list;
  REQUIRE(list.set_contact(bob()));
  const auto again = list.set_contact(bob());
  REQUIRE(again);
  CHECK(list.version() == Version{3});
  CHECK(again->changes == std::vector<Change>{ModifiedContact{bob({GroupId{1}})}});
}

TEST_CASE(
    "SIP-CONT-16: setContact without groups, or with group 0, puts the contact into group 1") {
  for (const std::vector<GroupId>& groups :
       {std::vector<GroupId>{}, {GroupId{0}}, {GroupId{0}, GroupId{1}}}) {
    List list = example();
    REQUIRE(list.set_contact(bob(groups)));
    CHECK(list.contact("sip:bob@example.com")->groups == std::vector{GroupId{1}});
  }
}

TEST_CASE("SIP-CONT-17: groups are kept ascending and each once") {
  List list = example();
  REQUIRE(list.set_contact(bob({GroupId{3}, GroupId{2}, GroupId{3}, GroupId{0}})));
  CHECK(list.contact("sip:bob@example.com")->groups ==
        std::vector{GroupId{1}, GroupId{2}, GroupId{3}});
}

TEST_CASE("SIP-CONT-16: setContact with a group that does not exist is refused, 400") {
  for (const unsigned id : {4U, 63U, 64U, 255U})
    refused(Refusal::unknown_group, 400, [&](List& list) {
      return list.set_contact(bob({GroupId{2}, GroupId{static_cast<std::uint8_t>(id)}}));
    });
}

TEST_CASE("SIP-CONT-27: deleteContact of one that is not there is refused, 404") {
  refused(Refusal::no_such_contact, 404,
          [](List& list) { return list.delete_contact("sip:nobody@example.com"); });
}

TEST_CASE("SIP-CONT-30: contacts are found in any case, and keep their spelling") {
  List list = example();
  CHECK(list.contact("SIP:carol@EXAMPLE.com") != nullptr);
  Contact carol = bob();
  carol.uri = "sip:carol@example.com";
  REQUIRE(list.set_contact(carol));
  CHECK(list.contacts().size() == 2);
  CHECK(list.contact("sip:carol@example.com")->uri == "sip:Carol@example.com");
  const auto deleted = list.delete_contact("sip:CAROL@example.com");
  REQUIRE(deleted);
  CHECK(deleted->changes == std::vector<Change>{DeletedContact{"sip:Carol@example.com"}});
  CHECK(list.contacts().size() == 1);
}

TEST_CASE("SIP-CONT-28: subscribed is kept, and is true unless said otherwise") {
  List list;
  CHECK(Contact{}.subscribed);
  Contact quiet = bob();
  quiet.subscribed = false;
  REQUIRE(list.set_contact(quiet));
  CHECK_FALSE(list.contacts().front().subscribed);
}

TEST_CASE("SIP-CONT-22: contacts beyond the limit are refused, 403; those there can still change") {
  const Limits limits{.contacts_max = 3, .groups_max = 63};
  List list;
  for (std::size_t n = 0; n < 3; ++n) REQUIRE(list.set_contact(numbered(n), limits));
  const auto fourth = list.set_contact(numbered(3), limits);
  REQUIRE_FALSE(fourth);
  CHECK(fourth.error() == Refusal::too_many_contacts);
  CHECK(status_of(fourth.error()) == 403);
  CHECK(list.version() == Version{4});
  CHECK(list.set_contact(numbered(2), limits));
  CHECK(Limits{}.contacts_max == 250);
}

TEST_CASE(
    "SIP-CONT-18, SIP-CONT-19, SIP-CONT-20: extension, externalURI and name have lengths, 400") {
  const auto with = [](auto change) {
    return [change](List& list) {
      Contact contact = bob();
      change(contact);
      return list.set_contact(contact);
    };
  };
  const auto name = [](std::size_t n) { return [n](Contact& c) { c.name.assign(n, 'n'); }; };
  const auto external = [](std::size_t n) {
    return [n](Contact& c) { c.external_uri.assign(n, 'e'); };
  };
  const auto extension = [](std::size_t n) {
    return [n](Contact& c) { c.extension.assign(n, 'x'); };
  };
  List list = example();
  CHECK(with(name(name_bytes_max))(list));
  CHECK(with(external(external_uri_bytes_max))(list));
  CHECK(with(extension(extension_bytes_max))(list));
  refused(Refusal::too_long, 400, with(name(name_bytes_max + 1)));
  refused(Refusal::too_long, 400, with(external(external_uri_bytes_max + 1)));
  refused(Refusal::too_long, 400, with(extension(extension_bytes_max + 1)));
}

TEST_CASE("an extension is as deep as extension_document lets it be, so that it fits an envelope") {
  const auto nested = [](std::size_t depth) {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) text += "<a>";
    for (std::size_t i = 0; i < depth; ++i) text += "</a>";
    return text;
  };
  const std::size_t deepest = extension_document.depth_max - 1;  // below an element of ours
  List list = example();
  Contact contact = bob();
  contact.extension = nested(deepest);
  CHECK(list.set_contact(contact));
  contact.extension = nested(deepest + 1);
  refused(Refusal::malformed_extension, 400, [&](List& l) { return l.set_contact(contact); });
}

TEST_CASE("SIP-CONT-27: malformed values are refused, 400") {
  const auto with = [](auto member, std::string value) {
    return [member, value](List& list) {
      Contact contact = bob();
      contact.*member = value;
      return list.set_contact(contact);
    };
  };
  refused(Refusal::malformed_uri, 400, with(&Contact::uri, "bob@example.com"));
  refused(Refusal::too_long, 400, with(&Contact::uri, "sip:b@" + std::string(449, 'h')));
  refused(Refusal::malformed_text, 400, with(&Contact::name, "B\x01"));
  refused(Refusal::malformed_text, 400, with(&Contact::external_uri, "\xFF"));
  for (const std::string bad : {"<a>", "</x><x>", "&e;", "<m:a/>", "a<!DOCTYPE x>"})
    refused(Refusal::malformed_extension, 400, with(&Contact::extension, bad));
  std::string deep;
  for (int i = 0; i < 29; ++i) deep += "<a>";
  for (int i = 0; i < 29; ++i) deep += "</a>";
  refused(Refusal::malformed_extension, 400, with(&Contact::extension, deep));
}

TEST_CASE("SIP-GRP-04: addGroup takes the lowest free id from 2") {
  List list = example();
  REQUIRE(list.delete_group(GroupId{2}));
  const auto added = list.add_group("New", "x");
  REQUIRE(added);
  CHECK(added->id == GroupId{2});
  CHECK(added->delta.changes ==
        std::vector<Change>{AddedGroup{{.id = GroupId{2}, .name = "New", .external_uri = "x"}}});
  CHECK(list.add_group("Newer", "")->id == GroupId{4});
}

TEST_CASE("SIP-GRP-04: addGroup with a name that exists makes a second group") {
  List list = example();
  const auto added = list.add_group("Work", "");
  REQUIRE(added);
  CHECK(added->id == GroupId{4});
  CHECK(list.groups().size() == 4);
}

TEST_CASE("SIP-GRP-01: ids end at 63: a 64th group is refused, 403") {
  List list;
  for (unsigned id = 2; id <= 63; ++id) CHECK(list.add_group("g", "")->id.value == id);
  const List full = list;
  const auto refused_group = list.add_group("g", "");
  REQUIRE_FALSE(refused_group);
  CHECK(refused_group.error() == Refusal::too_many_groups);
  CHECK(status_of(refused_group.error()) == 403);
  CHECK(list == full);
  CHECK_FALSE(list.add_group("g", "", {.contacts_max = 1, .groups_max = 1000}));
  CHECK_FALSE(List::make(Version{1}, {group(64, "g")}, {}));
}

TEST_CASE("SIP-GRP-09: group names have 256 bytes, 400 beyond") {
  const std::string longest(256, 'g');
  List list = example();
  CHECK(list.add_group(longest, ""));
  CHECK(list.modify_group(group(2, longest)));
  refused(Refusal::too_long, 400, [&](List& l) { return l.add_group(longest + "g", ""); });
  refused(Refusal::too_long, 400, [&](List& l) { return l.modify_group(group(2, longest + "g")); });
  refused(Refusal::too_long, 400, [](List& l) { return l.add_group("", std::string(1025, 'e')); });
  refused(Refusal::malformed_text, 400, [](List& l) { return l.add_group("\x02", ""); });
}

TEST_CASE("SIP-GRP-05: modifyGroup renames, deleteGroup of an empty group deletes") {
  List list = example();
  const auto modified = list.modify_group(group(3, "Fun"));
  REQUIRE(modified);
  CHECK(modified->changes == std::vector<Change>{ModifiedGroup{group(3, "Fun")}});
  REQUIRE(list.add_group("Empty", ""));
  const auto deleted = list.delete_group(GroupId{4});
  REQUIRE(deleted);
  CHECK(deleted->changes == std::vector<Change>{DeletedGroup{GroupId{4}}});
}

TEST_CASE(
    "SIP-GRP-06: deleteGroup of one in use: its contacts leave it, then it goes, in one delta") {
  List list = example();
  const auto deleted = list.delete_group(GroupId{2});
  REQUIRE(deleted);
  Contact carol = bob({GroupId{1}});  // was in no other group
  carol.uri = "sip:Carol@example.com";
  CHECK(deleted->changes == std::vector<Change>{ModifiedContact{bob({GroupId{3}})},
                                                ModifiedContact{carol}, DeletedGroup{GroupId{2}}});
  CHECK(list.version() == Version{6});
  CHECK(list.group(GroupId{2}) == nullptr);
  CHECK(list.contact("sip:carol@example.com")->groups == std::vector{GroupId{1}});
}

TEST_CASE(
    "SIP-GRP-03: group 1 is neither modified nor deleted, 403; group 0 is 400; unknown is 404") {
  refused(Refusal::default_group, 403, [](List& l) { return l.modify_group(group(1, "x")); });
  refused(Refusal::default_group, 403, [](List& l) { return l.delete_group(GroupId{1}); });
  refused(Refusal::group_zero, 400, [](List& l) { return l.modify_group(group(0, "x")); });
  refused(Refusal::group_zero, 400, [](List& l) { return l.delete_group(GroupId{0}); });
  for (const unsigned id : {4U, 64U, 255U}) {
    refused(Refusal::no_such_group, 404, [&](List& l) { return l.modify_group(group(id, "x")); });
    refused(Refusal::no_such_group, 404, [&](List& l) { return l.delete_group(group(id, "").id); });
  }
}

TEST_CASE("deltaNum never starts again: at its highest, changes are refused, 403") {
  auto list = List::make(Version{std::numeric_limits<std::uint32_t>::max() - 1}, {}, {});
  REQUIRE(list);
  REQUIRE(list->set_contact(bob()));
  const List last = *list;
  const auto refused_change = list->set_contact(bob());
  REQUIRE_FALSE(refused_change);
  CHECK(refused_change.error() == Refusal::versions_exhausted);
  CHECK(status_of(refused_change.error()) == 403);
  CHECK(*list == last);
}

TEST_CASE("a list made from parts is whole or not at all") {
  const auto made = List::make(Version{7}, {group(3, "c"), group(2, "b")},
                               {numbered(2), bob({GroupId{3}, GroupId{2}}), numbered(1)});
  REQUIRE(made);
  CHECK(made->version() == Version{7});
  CHECK(made->groups() == std::vector{group(1, "~"), group(2, "b"), group(3, "c")});
  CHECK(made->contacts().front() == bob({GroupId{2}, GroupId{3}}));
  CHECK(List::make(Version{1}, {group(1, "Other")}, {})->groups().front().name == "Other");
  CHECK(List::make(Version{1}, {group(2, "b"), group(2, "c")}, {}).error() ==
        Refusal::already_there);
  CHECK(List::make(Version{1}, {}, {bob(), bob()}).error() == Refusal::already_there);
  CHECK(List::make(Version{1}, {}, {bob({GroupId{9}})}).error() == Refusal::unknown_group);
  CHECK(List::make(Version{1}, {group(0, "zero")}, {}).error() == Refusal::group_zero);
}

TEST_CASE("a delta from elsewhere that does not fit is refused and changes nothing") {
  const auto follow = [](std::vector<Change> changes, std::uint32_t from = 5,
                         std::uint32_t to = 6) {
    List list = example();
    const auto result =
        list.follow({.from = Version{from}, .to = Version{to}, .changes = std::move(changes)});
    if (!result) CHECK(list == example());
    return result ? std::nullopt : std::optional(result.error());
  };
  const Change fits = ModifiedGroup{group(2, "W")};
  CHECK(follow({fits}) == std::nullopt);
  CHECK(follow({fits}, 4) == Refusal::version_conflict);
  CHECK(follow({fits}, 5, 0) == Refusal::version_conflict);
  CHECK(follow({fits, AddedGroup{group(2, "W")}}) == Refusal::already_there);
  CHECK(follow({fits, AddedGroup{group(64, "W")}}) == Refusal::too_many_groups);
  CHECK(follow({fits, ModifiedGroup{group(9, "W")}}) == Refusal::no_such_group);
  CHECK(follow({AddedContact{bob({GroupId{1}})}}) == Refusal::already_there);
  CHECK(follow({ModifiedContact{numbered(1)}}) == Refusal::unknown_group);
  CHECK(follow({ModifiedContact{bob({GroupId{3}, GroupId{2}})}}) == Refusal::unknown_group);
  CHECK(follow({DeletedGroup{GroupId{2}}}) == Refusal::group_in_use);
  CHECK(follow({DeletedGroup{GroupId{1}}}) == Refusal::default_group);
  CHECK(follow({fits, DeletedContact{"sip:nobody@example.com"}}) == Refusal::no_such_contact);
}

TEST_CASE("every refusal has a status and a sentence") {
  for (auto i = static_cast<int>(Refusal::version_conflict);
       i <= static_cast<int>(Refusal::too_many_contacts); ++i) {
    const auto refusal = static_cast<Refusal>(i);
    CHECK(status_of(refusal) >= 400);
    CHECK(status_of(refusal) < 500);
    CHECK_FALSE(to_string(refusal).empty());
  }
}

}  // namespace
}  // namespace kith::contacts
