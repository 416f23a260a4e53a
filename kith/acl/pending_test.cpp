#include "kith/acl/pending.h"

#include <doctest/doctest.h>

#include <string>

#include "kith/acl/limits.h"
#include "kith/acl/testing/support.h"

namespace kith::acl {
namespace {

using testing::ace;
using testing::aor;
using testing::uri;

const sip::Aor owner = aor("sip:walt@lab.example");

TEST_CASE("who waits is listed once, by address of record, in the order of coming") {
  Pending pending;
  CHECK(pending.add(uri("sip:Otto@Lab.example;transport=tcp"), "Otto"));
  CHECK_FALSE(pending.add(uri("sips:otto@lab.example:5061"), "Another"));
  CHECK(pending.add(uri("sip:ines@lab.example"), ""));
  CHECK(pending.watchers() ==
        std::vector<Watcher>{{.uri = "sip:otto@lab.example", .display_name = "Otto"},
                             {.uri = "sip:ines@lab.example", .display_name = ""}});
  CHECK(pending.remove(uri("sip:OTTO@lab.example")));
  CHECK_FALSE(pending.remove(uri("sip:otto@lab.example")));
  CHECK(pending.watchers().size() == 1);
}

TEST_CASE("who could not be answered with an entry does not wait") {
  Pending pending;
  for (const std::string_view nobody : {"tel:+15551234", "sip:lab.example"}) {
    CHECK_FALSE(pending.add(uri(nobody), "N"));
    CHECK_FALSE(pending.remove(uri(nobody)));
  }
  const std::string longest = "sip:" + std::string(uri_bytes_max - 6, 'u') + "@h";
  CHECK_FALSE(pending.add(uri(longest + "h"), ""));
  CHECK(pending.add(uri(longest), ""));
}

TEST_CASE("the URI that is listed is one that setACE takes, and about the same user") {
  for (const std::string_view odd :
       {"sip:a%20b@h", "sip:%ff@h", "sip:a%40b@h", "sip:a%3Ab@h", "sip:50%@h", "sip:a&b;c?d@h",
        "sip:o'neil@my_host", "sip:a@[2001:DB8::1]:5060", "sip:%22%3C@h", "sip:a@h."}) {
    CAPTURE(odd);
    Pending pending;
    REQUIRE(pending.add(uri(odd), ""));
    const auto entry = Ace::make(Scope::user, pending.watchers().front().uri, {});
    REQUIRE(entry);
    CHECK(entry->key() == aor(odd).value);
    CHECK(pending.remove(uri(odd)));
  }
}

TEST_CASE("no more than pending_max wait, and they are not pushed out") {
  Pending pending;
  const auto stranger = [](std::size_t n) { return "sip:u" + std::to_string(n) + "@h"; };
  for (std::size_t n = 0; n < pending_max; ++n) CHECK(pending.add(uri(stranger(n)), ""));
  CHECK_FALSE(pending.add(uri(stranger(pending_max)), ""));
  CHECK(pending.watchers().size() == pending_max);
  CHECK(pending.watchers().front().uri == stranger(0));
  CHECK(pending.remove(uri(stranger(5))));
  CHECK(pending.add(uri(stranger(pending_max)), ""));
}

TEST_CASE("a name that is too long is none") {
  Pending pending;
  CHECK(pending.add(uri("sip:a@h"), std::string(display_name_bytes_max, 'n')));
  CHECK(pending.add(uri("sip:b@h"), std::string(display_name_bytes_max + 1, 'n')));
  CHECK(pending.watchers().front().display_name.size() == display_name_bytes_max);
  CHECK(pending.watchers().back().display_name.empty());
}

TEST_CASE("an answer lets go whom it is about; the others go on waiting") {
  Pending pending;
  List acl;
  for (const std::string_view watcher : {"sip:ines@lab.example", "sip:otto@lab.example",
                                         "sip:eva@other.example", "sip:jo@third.example"})
    REQUIRE(pending.add(uri(watcher), ""));
  CHECK_FALSE(pending.settle(owner, acl));
  REQUIRE(acl.set(ace("USER", "sip:ines@lab.example", "AA")));
  CHECK(pending.settle(owner, acl));
  CHECK(pending.watchers().size() == 3);
  REQUIRE(acl.set(ace("USER", "sip:OTTO@lab.example", "BD")));
  REQUIRE(acl.set(ace("DOMAIN", "other.example", "DD")));
  CHECK(pending.settle(owner, acl));
  REQUIRE(pending.watchers().size() == 1);
  CHECK(pending.watchers().front().uri == "sip:jo@third.example");
  REQUIRE(acl.set(ace("ALL", "", "AA")));
  CHECK(pending.settle(owner, acl));
  CHECK(pending == Pending{});
}

}  // namespace
}  // namespace kith::acl
