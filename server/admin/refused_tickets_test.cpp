#include "server/admin/refused_tickets.h"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

using namespace kith;
using namespace kith::admin;
using Kind = auth::AcceptFailure::Kind;

namespace {

const Time noon = Time{1'738'324'800s};  // 2025-01-31T12:00:00Z

Refusals skewed(Duration since_last) {
  return {.kind = Kind::clock_skew,
          .count = 3,
          .since_first = 303s,
          .since_last = since_last,
          .detail = "sip/lcs.example.com@EXAMPLE.COM: Clock skew too great"};
}

auth::Accepted accepted(std::string principal) {
  auth::Accepted made;
  made.principal = std::move(principal);
  return made;
}

}  // namespace

TEST_CASE("refused tickets are counted by kind, with the first and the last time") {
  RefusedTickets refused;
  CHECK(refused.seen(noon).empty());
  refused.note(Kind::clock_skew, "one", noon);
  refused.note(Kind::wrong_principal, "other", noon + 1s);
  refused.note(Kind::clock_skew, "two", noon + 5s);
  const auto seen = refused.seen(noon + 10s);
  REQUIRE(seen.size() == 2);
  CHECK(seen[0] == Refusals{Kind::wrong_principal, 1, 9s, 9s, "other"});
  CHECK(seen[1] == Refusals{Kind::clock_skew, 2, 10s, 5s, "two"});
}

TEST_CASE("an acceptor is counted where it refuses, and only there") {
  RefusedTickets refused;
  const Accept accept = counted(
      [](std::string_view token) -> auth::AcceptResult {
        if (token == "good") return accepted("alice@B");
        if (token == "stranger") return accepted("zoe@B");
        return std::unexpected(auth::AcceptFailure{Kind::wrong_key, "the key has changed"});
      },
      [](const std::string& principal) { return principal == "alice@B"; }, refused);
  CHECK(accept("good"));
  CHECK(refused.seen(never).empty());
  CHECK(accept("bad").error().detail == "the key has changed");
  REQUIRE(refused.seen(never).size() == 1);
  CHECK(refused.seen(never).front().kind == Kind::wrong_key);
  CHECK(accept("stranger"));
  REQUIRE(refused.seen(never).size() == 2);
  CHECK_FALSE(refused.seen(never).back().kind);
  CHECK(refused.seen(never).back().detail == "zoe@B");
}

TEST_CASE("the sentence names how many, why, since when, and the remedy") {
  const std::string said = sentence(skewed(10s), noon);
  CHECK(said ==
        "3 tickets were refused (clock skew) since 5 min 3 s ago, the last 10 s ago: "
        "sip/lcs.example.com@EXAMPLE.COM: Clock skew too great; this server's clock is "
        "2025-01-31T12:00:00Z; let the client and the server both run NTP");
  for (const auto& [kind, word] :
       {std::pair{Kind::wrong_principal, "server.host"}, std::pair{Kind::no_keytab, "auth.keytab"},
        std::pair{Kind::wrong_key, "export the keytab anew"}})
    CHECK(sentence({.kind = kind, .count = 1}, noon).contains(word));
}

TEST_CASE("what is refused lately and does not go away by itself is urgent") {
  CHECK(is_urgent(skewed(10s)));
  CHECK_FALSE(is_urgent(skewed(2h)));
  for (const Kind kind : {Kind::bad_token, Kind::replay, Kind::unavailable})
    CHECK_FALSE(is_urgent({.kind = kind, .count = 1}));
  CHECK_FALSE(is_urgent({.kind = {}, .count = 1}));  // somebody else's ticket hurts nobody
}

TEST_CASE("refusals go through JSON unchanged, and what is no such thing is left out") {
  const json::Value array = json::Array{json_of(skewed(10s)), json::Object{{"kind", "weather"}}};
  CHECK(refusals_of(*json::parse(json::write(array))) == std::vector{skewed(10s)});
  const Refusals stranger{.kind = {}, .count = 1, .detail = "zoe@B"};
  CHECK(refusals_of(json::Array{json_of(stranger)}) == std::vector{stranger});
  CHECK(sentence(stranger, noon).contains("zoe@B; kithctl user principal add"));
  CHECK(refusals_of(json::Value("nothing")).empty());
  CHECK(refusals_of(json::Value()).empty());
}
