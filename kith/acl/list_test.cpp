#include "kith/acl/list.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <limits>
#include <string>

#include "kith/acl/limits.h"
#include "kith/acl/testing/support.h"

namespace kith::acl {
namespace {

using testing::ace;
using testing::error_of;
using testing::list_of;
using testing::list_with;
using testing::uri;

/// Version 7: everybody, two domains one in the other, and Ines.
List laboratory() {
  return list_of({ace("USER", "sip:Ines@lab.example", "AA"), ace("DOMAIN", "lab.example", "BD"),
                  ace("ALL", "", "PA"), ace("DOMAIN", "East.Lab.Example.", "DA")});
}

/// The refusal, with a check that nothing changed and of the status that answers it.
template <class Operation>
void refused(const List& before, Refusal expected, unsigned status, Operation operation) {
  List list = before;
  const auto result = operation(list);
  REQUIRE_FALSE(result);
  CHECK(result.error() == expected);
  CHECK(status_of(result.error()) == status);
  CHECK_FALSE(to_string(result.error()).empty());
  CHECK(list == before);
}

TEST_CASE("SIP-ACL-13: a new list has version 1; version 0 is refused") {
  CHECK(List().version() == Version{1});
  CHECK(error_of(List::make(Version{0}, {})) == Refusal::version_conflict);
}

TEST_CASE("a new list lets everybody ask to watch, and talk") {
  CHECK(List().aces() == std::vector{ace("ALL", "", "PA")});
}

TEST_CASE("SIP-ACL-12: each change raises the version by one, the same entry again as well") {
  List list;
  const Ace ines = ace("USER", "sip:ines@lab.example", "AA");
  const Ace blocked = ace("USER", "sip:INES@lab.example", "BD");
  CHECK(list.set(ines) == Changed{.from = {1}, .to = {2}, .before = {}, .after = ines});
  CHECK(list.set(ines) == Changed{.from = {2}, .to = {3}, .before = ines, .after = ines});
  CHECK(list.set(blocked) == Changed{.from = {3}, .to = {4}, .before = ines, .after = blocked});
  CHECK(list.aces().size() == 2);
  CHECK(list.remove(Scope::user, "sip:Ines@lab.example") ==
        Changed{.from = {4}, .to = {5}, .before = blocked, .after = {}});
  CHECK(list.version() == Version{5});
  CHECK(list.aces() == List().aces());
}

TEST_CASE("SIP-ACL-12: setACE is taken at the current number, and is a conflict at any other") {
  const Ace ines = ace("USER", "sip:ines@lab.example", "BD");
  for (const std::uint32_t wrong : {0U, 1U, 6U, 8U})
    refused(laboratory(), Refusal::version_conflict, 409,
            [&](List& list) { return list.apply({.ace = ines, .expected = Version{wrong}}); });
  List list = laboratory();
  const auto changed = list.apply({.ace = ines, .expected = Version{7}});
  REQUIRE(changed);
  CHECK(changed->to == Version{8});
  CHECK(list.ace(Scope::user, "ines@lab.example")->rights().to_string() == "BD");
  CHECK_FALSE(list.apply({.ace = ines, .expected = Version{7}}));
  CHECK(list.apply({.ace = ines, .expected = Version{8}}));
}

TEST_CASE("SIP-ACL-13: the number never starts again") {
  const List last =
      *List::make(Version{std::numeric_limits<std::uint32_t>::max()}, {ace("ALL", "", "PA")});
  refused(last, Refusal::versions_exhausted, 403,
          [](List& list) { return list.set(ace("ALL", "", "AA")); });
  refused(last, Refusal::versions_exhausted, 403,
          [](List& list) { return list.remove(Scope::all, ""); });
}

TEST_CASE("a full list takes no new entry, but changes those that it has") {
  const List full = list_with(Limits{}.aces_max);
  refused(full, Refusal::too_many_aces, 403,
          [](List& list) { return list.set(ace("ALL", "", "AA")); });
  List list = full;
  CHECK(list.set(ace("USER", "sip:u3@lab.example", "BD")));
  CHECK(list.remove(Scope::user, "sip:u4@lab.example"));
  CHECK(list.set(ace("ALL", "", "AA"), {.aces_max = full.aces().size()}));
}

TEST_CASE("what is not on the list cannot leave it") {
  for (const std::string_view mask : {"sip:otto@lab.example", "lab.example", ""})
    refused(laboratory(), Refusal::no_such_ace, 404,
            [&](List& list) { return list.remove(Scope::user, mask); });
  refused(laboratory(), Refusal::no_such_ace, 404,
          [](List& list) { return list.remove(Scope::domain, "example"); });
}

TEST_CASE("SIP-CONT-30: two entries of one scope that differ in case only are no list") {
  const auto made = [](std::string_view type, std::string_view a, std::string_view b) {
    return List::make(Version{1}, {ace(type, a, "AA"), ace(type, b, "DD")});
  };
  CHECK(error_of(made("USER", "sip:ines@lab.example", "sip:Ines@lab.example;x")) ==
        Refusal::already_there);
  CHECK(error_of(made("DOMAIN", "lab.example", "LAB.example.")) == Refusal::already_there);
  CHECK(error_of(made("ALL", "", "")) == Refusal::already_there);
  CHECK(status_of(Refusal::already_there) == 409);
  CHECK(made("USER", "sip:ines@lab.example", "sip:ines@east.lab.example"));
}

TEST_CASE("entries stand in one order, whatever theirs was, and a copy is equal") {
  const List list = laboratory();
  CHECK(list.aces() == std::vector{ace("ALL", "", "PA"), ace("DOMAIN", "East.Lab.Example.", "DA"),
                                   ace("DOMAIN", "lab.example", "BD"),
                                   ace("USER", "sip:Ines@lab.example", "AA")});
  CHECK(list == laboratory());
}

/// The mask of the entry about somebody; "none" where there is none.
std::string mask_about(const List& list, std::string_view watcher) {
  const Ace* found = list.about(uri(watcher));
  return found == nullptr ? "none" : found->mask();
}

TEST_CASE("SIP-ACL-10: a DOMAIN is about itself and its subdomains, at the dots only") {
  const List list = list_of({ace("DOMAIN", "lab.example", "DD")});
  for (const std::string_view inside :
       {"sip:a@lab.example", "sip:b@east.lab.example", "sip:b@x.y.Lab.EXAMPLE", "sip:lab.example",
        "sips:a@lab.example.", "sip:a@lab.example:5070;transport=tcp"})
    CHECK_MESSAGE(mask_about(list, inside) == "lab.example", inside);
  for (const std::string_view outside :
       {"sip:c@otherlab.example", "sip:a@example", "sip:lab.example@example", "sip:a@lab",
        "sip:a@lab.example.com", "sip:a%40lab.example@h", "tel:+1", "mailto:a@lab.example"})
    CHECK_MESSAGE(mask_about(list, outside) == "none", outside);
}

TEST_CASE("SIP-ACL-10: an address is in no domain but itself") {
  const List list = list_of({ace("DOMAIN", "2.1", "DD"), ace("DOMAIN", "192.0.2.7", "DD")});
  CHECK(mask_about(list, "sip:a@192.0.2.1") == "none");
  CHECK(mask_about(list, "sip:a@192.0.2.7") == "192.0.2.7");
  CHECK(mask_about(list, "sip:a@[2001:db8::192.0.2.7]") == "none");
}

TEST_CASE("SIP-ACL-20: the USER, else the DOMAIN with most labels, else ALL") {
  struct Case {
    std::string_view watcher;
    std::string_view decides;
  };
  const List list = laboratory();
  for (const auto& [watcher, decides] : std::initializer_list<Case>{
           {"sip:ines@lab.example", "sip:Ines@lab.example"},
           {"sip:INES@lab.example;transport=tls", "sip:Ines@lab.example"},
           {"sip:otto@lab.example", "lab.example"},
           {"sip:otto@west.lab.example", "lab.example"},
           {"sip:otto@east.lab.example", "East.Lab.Example."},
           {"sip:otto@far.east.lab.example", "East.Lab.Example."},
           {"sip:ines@east.lab.example", "East.Lab.Example."},
           {"sip:otto@example", ""},
           {"tel:+15551234", ""},
       })
    CHECK_MESSAGE(mask_about(list, watcher) == decides, watcher);
}

TEST_CASE("SIP-ACL-20: a USER stands before ALL and any DOMAIN, in whatever order they were set") {
  List list;
  REQUIRE(list.set(ace("USER", "sip:ines@lab.example", "AA")));
  REQUIRE(list.set(ace("DOMAIN", "lab.example", "DD")));
  REQUIRE(list.set(ace("ALL", "", "DD")));
  CHECK(mask_about(list, "sip:ines@lab.example") == "sip:ines@lab.example");
  REQUIRE(list.remove(Scope::user, "sip:ines@lab.example"));
  CHECK(mask_about(list, "sip:ines@lab.example") == "lab.example");
  REQUIRE(list.remove(Scope::domain, "lab.example"));
  CHECK(mask_about(list, "sip:ines@lab.example").empty());
  REQUIRE(list.remove(Scope::all, ""));
  CHECK(mask_about(list, "sip:ines@lab.example") == "none");
}

TEST_CASE("a host of thousands of labels is looked up label by label, and no further") {
  std::string host = "sip:a@h";
  for (int i = 0; i < 2000; ++i) host += ".h";
  CHECK(mask_about(list_of({ace("DOMAIN", "lab.example", "DD")}), host) == "none");
  CHECK(mask_about(list_of({ace("DOMAIN", "h.h", "DD")}), host) == "h.h");
}

}  // namespace
}  // namespace kith::acl
