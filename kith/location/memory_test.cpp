#include <doctest/doctest.h>

#include <algorithm>

#include "kith/location/search.h"
#include "kith/location/test/play.h"
#include "kith/location/timed_map.h"

namespace kith::location {
namespace {

using namespace std::chrono_literals;

Config small() { return {.families = {RecordType::a}}; }

TEST_CASE("location: what is remembered ends in its time, and the soonest to end makes room") {
  TimedMap<int, char> map(2);
  const Time t0{};
  map.put(1, 'a', t0 + 10s, t0);
  map.put(2, 'b', t0 + 5s, t0);
  map.put(3, 'c', t0, t0);  // has ended
  CHECK(map.size() == 2);
  CHECK(map.find(2, t0 + 4s)->value == 'b');
  CHECK(map.find(2, t0 + 5s) == nullptr);
  map.put(4, 'd', t0 + 20s, t0);
  CHECK(map.find(2, t0) == nullptr);
  CHECK(map.find(1, t0)->until == t0 + 10s);
  map.put(1, 'e', t0 + 30s, t0);
  CHECK(map.find(1, t0 + 20s)->value == 'e');
  map.put(5, 'f', t0 + 60s, t0 + 25s);
  CHECK(map.size() == 2);
  map.erase(5);
  map.erase(5);
  CHECK(map.size() == 1);
  TimedMap<int, char> none(0);
  none.put(1, 'a', t0 + 10s, t0);
  CHECK(none.size() == 0);
}

TEST_CASE(
    "RFC 2308 §5: an answer is asked for again when its time is over, a negative one as well") {
  Play play(R"(
    a.example   60 A   192.0.2.1
    zero.example 0 A   192.0.2.2
    soa.example 60 SOA 20
    sick.example 0 A   SERVFAIL
  )",
            small());
  const auto asks = [&](std::string_view uri) {
    play.location.end(play.start(uri));
    return !play.asked.empty();
  };
  const Time t0 = play.now;
  struct Row {
    std::string_view uri;
    Duration kept;
  };
  for (const auto& [uri, kept] :
       {Row{"sip:a.example:1", 60s}, Row{"sip:soa.example:1", 20s},
        Row{"sip:nosoa.example:1", negative_ttl_default}, Row{"sip:sick.example:1", failure_ttl}}) {
    CAPTURE(uri);
    play.now = t0;
    CHECK(asks(uri));
    play.now = t0 + kept - 1ns;
    CHECK_FALSE(asks(uri));
    play.now = t0 + kept;
    CHECK(asks(uri));
  }
  CHECK(asks("sip:zero.example:1"));
  CHECK(play.tried == "UDP 192.0.2.2:1");  // it holds for the search that asked
  CHECK(asks("sip:zero.example:1"));
}

TEST_CASE(
    "RFC 3263 §4.3: who failed lately comes last, until some time has passed or it responds") {
  Play play("a.example 60 A 192.0.2.1\na.example 60 A 192.0.2.2", small());
  const auto first = [&] {
    play.location.end(play.start("sip:a.example:5060"));
    return play.tried;
  };
  play.start("sip:a.example:5060");
  play.fail();
  play.location.succeeded(play.found->search);
  CHECK(play.location.counts().blacklisted == 1);
  CHECK(first() == "UDP 192.0.2.2:5060");
  play.start("sip:192.0.2.1;transport=tcp");  // another transport, and no other server
  CHECK(play.tried == "TCP 192.0.2.1:5060");
  play.start("sip:192.0.2.1");  // it is the only one
  CHECK(play.tried == "UDP 192.0.2.1:5060");
  SUBCASE("time") {
    play.now += small().avoid_for - 1ns;
    CHECK(first() == "UDP 192.0.2.2:5060");
    play.now += 1ns;
  }
  SUBCASE("response") { play.location.succeeded(play.found->search); }
  CHECK(first() == "UDP 192.0.2.1:5060");
}

TEST_CASE("RFC 3261 §21.5.4: who says Retry-After is not called before, a bare 503 means nothing") {
  Play play("a.example 60 A 192.0.2.1\na.example 60 A 192.0.2.2", small());
  const Time t0 = play.now;
  play.start("sip:a.example:5060");
  play.fail(Failure::unavailable);
  CHECK(play.location.counts().blacklisted == 0);
  play.fail(Failure::unavailable, 120s);
  CHECK(play.tried == "UDP 192.0.2.1:5060, UDP 192.0.2.2:5060, all_failed");

  play.start("sip:a.example:5060");
  play.fail(Failure::unavailable, 300s);
  CHECK(play.tried == "UDP 192.0.2.1:5060, all_failed");
  play.start("sip:a.example:5060");
  CHECK(play.tried == "unavailable");
  CHECK(play.exhausted->not_before == t0 + 120s);
  play.now = t0 + 120s;
  play.location.end(play.start("sip:a.example:5060"));
  CHECK(play.tried == "UDP 192.0.2.2:5060");

  play.start("sip:192.0.2.9");
  play.fail(Failure::unavailable, 10'000h);
  play.start("sip:192.0.2.9");
  CHECK(play.exhausted->not_before == play.now + Limits{}.retry_after_max);
}

TEST_CASE(
    "location: the same question of many searches is asked once, and not after all have ended") {
  SeededRandom random(1);
  Location location(small(), random);
  const Request request{.uri = sip::Uri::parse("sip:a.example:5060").value()};
  const SearchId first = location.start(request, Time{});
  const SearchId second = location.start(request, Time{});
  const SearchId third = location.start(request, Time{});
  location.end(third);
  CHECK(std::get<Ask>(*location.poll()).question == Question{"a.example", RecordType::a});
  CHECK_FALSE(location.poll());
  CHECK(location.counts() == Counts{.searches = 2, .questions = 1});
  location.failed(first, Failure::timed_out, Time{});  // nothing to fail yet
  location.answer({"b.example", RecordType::a}, {}, Time{});
  CHECK_FALSE(location.poll());
  location.answer({"a.example", RecordType::a},
                  {.records = {{"a.example", 60s, Address::v4(192, 0, 2, 1, 0)}}}, Time{});
  CHECK(std::get<Found>(*location.poll()).search == first);
  CHECK(std::get<Found>(*location.poll()).search == second);
  CHECK_FALSE(location.poll());
  location.failed(first, Failure::timed_out, Time{});
  location.failed(first, Failure::timed_out, Time{});  // has ended
  location.succeeded(first);
  CHECK(std::get<Exhausted>(*location.poll()).search == first);
  CHECK_FALSE(location.poll());
  location.end(second);
  CHECK(location.counts() == Counts{.cached = 1, .blacklisted = 1});
}

TEST_CASE("location: over searches_max there is no search; cached_max and blacklisted_max hold") {
  Config config = small();
  config.limits.searches_max = 2;
  config.limits.cached_max = 3;
  config.limits.blacklisted_max = 4;
  Play play("", config);
  play.start("sip:192.0.2.1");
  play.start("sip:192.0.2.2");
  play.start("sip:192.0.2.3");
  CHECK(play.tried == "too_many_searches");
  config.limits.searches_max = 1;
  Play other("", config);
  for (int i = 0; i < 20; ++i) {
    other.start("sip:n" + std::to_string(i) + ".example:1");
    other.start("sip:192.0.2." + std::to_string(i));
    other.fail();
  }
  CHECK(other.location.counts() == Counts{.cached = 3, .blacklisted = 4});
}

TEST_CASE(
    "location: a zone that has more and more ends at questions_max, targets_max, aliases_max") {
  std::string zone;
  for (int i = 0; i < 60; ++i) {
    zone += "_sip._udp.many.example 60 SRV 0 0 5060 n" + std::to_string(i) + ".example\n";
    zone += "many.example 60 A 192.0.2." + std::to_string(i + 1) + '\n';
  }
  Play play(zone.c_str(), small());
  play.start("sip:many.example;transport=udp");
  CHECK(play.tried == "not_found");
  CHECK(std::ranges::count(play.asked, ',') + 1 == questions_max);
  play.start("sip:many.example:5060");
  play.fail_all();
  CHECK(std::ranges::count(play.tried, ',') == targets_max);

  SeededRandom random(1);
  Location location(small(), random);
  location.start({.uri = sip::Uri::parse("sip:n0:5060").value()}, Time{});
  std::size_t asked = 0;
  for (bool ended = false; !ended;) {
    const Output output = location.poll().value();
    ended = !std::holds_alternative<Ask>(output);
    if (ended) break;
    const Question question = std::get<Ask>(output).question;
    ++asked;  // each name is an alias of one more
    location.answer(
        question, {.records = {{question.name, 60s, Cname{'n' + std::to_string(asked)}}}}, Time{});
  }
  CHECK(asked == aliases_max + 1);
}

TEST_CASE("location: one target is tried once, however often the DNS names it") {
  check_located(R"(
    _sip._udp.a.example  60 SRV 0 0 5060 b.example
    _sip._udp.a.example  60 SRV 1 0 5060 c.example
    b.example            60 A   192.0.2.1
    b.example            60 A   192.0.2.1
    c.example            60 A   192.0.2.1
  )",
                R"(
    sip:a.example;transport=udp | _sip._udp.a.example SRV, b.example A, c.example A
                                | | UDP 192.0.2.1:5060, all_failed
  )",
                small());
}

TEST_CASE("location: a name longer than name_size_bytes_max is asked of nobody") {
  const std::string name(name_size_bytes_max - 8, 'n');
  Play play("", small());
  play.start("sip:" + name + ".example:1");
  CHECK(play.tried == "not_found");
  play.start("sip:n" + name + ".example:1");
  CHECK(play.asked.empty());
  CHECK(play.tried == "unusable");
  play.start(sip::Via{.transport = "UDP", .host = "n" + name + ".example"});
  CHECK(play.tried == "unusable");
}

}  // namespace
}  // namespace kith::location
