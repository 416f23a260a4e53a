#include "kith/acl/verdict.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

#include "kith/acl/testing/support.h"
#include "kith/sip/header/from.h"
#include "kith/sip/header/to.h"

namespace kith::acl {
namespace {

using testing::ace;
using testing::aor;
using testing::list_of;
using testing::uri;

const sip::Aor walt = aor("sip:walt@lab.example");

TEST_CASE("SIP-ACL-11: the first letter is for watching, the second for messages and calls") {
  struct Case {
    std::string_view rights;
    Access watches;
    Access talks;
  };
  for (const auto& [rights, watches, talks] : std::initializer_list<Case>{
           {"AA", Access::allow, Access::allow},
           {"AD", Access::allow, Access::deny},
           {"PA", Access::prompt, Access::allow},
           {"PD", Access::prompt, Access::deny},
           {"BA", Access::polite_block, Access::allow},
           {"BD", Access::polite_block, Access::deny},
           {"DA", Access::deny, Access::allow},
           {"DDX", Access::deny, Access::deny},
       }) {
    CAPTURE(rights);
    const Ace entry = ace("USER", "sip:ines@lab.example", rights);
    const List acl = list_of({ace("ALL", "", "AA"), entry});
    const auto verdict = [&](Access access) {
      return Verdict{.access = access, .reason = Verdict::Reason::entry, .ace = entry};
    };
    const sip::UriView ines = uri("sip:Ines@lab.example");
    CHECK(may(ines, Purpose::watches, walt, acl) == verdict(watches));
    CHECK(may(ines, Purpose::messages, walt, acl) == verdict(talks));
    CHECK(may(ines, Purpose::calls, walt, acl) == verdict(talks));
  }
}

TEST_CASE("SIP-ACL-08: the From of an INVITE is compared with the list of the user in To") {
  const sip::Message invite = testing::capture("ntlm-alice-057-client-INVITE");
  const auto from = invite.require<sip::From>();
  const auto to = invite.require<sip::To>();
  REQUIRE(from);
  REQUIRE(to);
  const auto bob = sip::address_of_record(to->uri);
  REQUIRE(bob);
  const List blocks_alice = list_of({ace("USER", "sip:alice@example.com", "BD")});
  const List blocks_bob = list_of({ace("USER", "sip:bob@example.com", "BD")});
  CHECK(may(from->uri, Purpose::calls, *bob, blocks_alice).access == Access::deny);
  CHECK(may(from->uri, Purpose::watches, *bob, blocks_alice).access == Access::polite_block);
  CHECK(may(from->uri, Purpose::calls, *bob, blocks_bob).access == Access::allow);
}

TEST_CASE("the user is kept from nothing of their own, whatever the list says") {
  const List acl = list_of({ace("ALL", "", "DD"), ace("USER", "sip:walt@lab.example", "BD")});
  for (const std::string_view self :
       {"sip:walt@lab.example", "sips:Walt@LAB.example:5061", "sip:%77alt@lab.example"})
    CHECK(may(uri(self), Purpose::watches, walt, acl) ==
          Verdict{.access = Access::allow, .reason = Verdict::Reason::same_user});
  for (const std::string_view other : {"sip:walt@example", "sip:lab.example", "tel:+1"})
    CHECK(may(uri(other), Purpose::watches, walt, acl).access == Access::deny);
}

TEST_CASE("of whom a list says nothing, the user is asked; talking is allowed") {
  const List nothing = list_of({});
  const Verdict unlisted{.access = Access::prompt, .reason = Verdict::Reason::unlisted};
  CHECK(may(uri("sip:ines@lab.example"), Purpose::watches, walt, nothing) == unlisted);
  CHECK(may(uri("tel:+15551234"), Purpose::watches, walt, nothing) == unlisted);
  CHECK(may(uri("sip:ines@lab.example"), Purpose::calls, walt, nothing).access == Access::allow);
  CHECK(may(uri("sip:ines@lab.example"), Purpose::watches, walt, List()).access == Access::prompt);
}

TEST_CASE("SIP-ACL-20: a verdict names the entry that decided, for a person") {
  const List acl =
      list_of({ace("ALL", "", "PA"), ace("DOMAIN", "lab.example", "BD"),
               ace("DOMAIN", "east.lab.example", "DA"), ace("USER", "sip:Ines@lab.example", "AA")});
  const auto explained = [&](std::string_view watcher, const List& list) {
    return to_string(may(uri(watcher), Purpose::watches, walt, list));
  };
  CHECK(explained("sip:ines@lab.example", acl) == "allowed: USER sip:Ines@lab.example AA");
  CHECK(explained("sip:otto@lab.example", acl) == "blocked politely: DOMAIN lab.example BD");
  CHECK(explained("sip:otto@east.lab.example", acl) == "denied: DOMAIN east.lab.example DA");
  CHECK(explained("sip:otto@example", acl) == "the user is asked: ALL PA");
  CHECK(explained("sip:walt@lab.example", acl) == "allowed: it is the same user");
  CHECK(explained("sip:otto@example", list_of({})) ==
        "the user is asked: the list has no entry about them");
}

TEST_CASE("a purpose is one of the three words of kithctl explain") {
  for (const Purpose purpose : {Purpose::watches, Purpose::messages, Purpose::calls})
    CHECK(purpose_of(to_string(purpose)) == purpose);
  CHECK(to_string(Purpose::messages) == "messages");
  for (const std::string_view other : {"", "watch", "Calls", "calls "})
    CHECK_FALSE_MESSAGE(purpose_of(other), other);
}

TEST_CASE("what each letter means for a SUBSCRIBE, a getPresence and the document") {
  struct Case {
    Access access;
    unsigned subscribe;
    unsigned poll;
    bool shows;
  };
  for (const auto& [access, subscribe, poll, shows] : std::initializer_list<Case>{
           {Access::allow, 200, 200, true},
           {Access::polite_block, 200, 403, false},
           {Access::deny, 403, 403, false},
           {Access::prompt, 200, 403, false},
       }) {
    CHECK(subscribe_status(access) == subscribe);
    CHECK(poll_status(access) == poll);
    CHECK(shows_presence(access) == shows);
  }
}

}  // namespace
}  // namespace kith::acl
