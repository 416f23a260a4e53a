#include "kith/location/records.h"

#include <doctest/doctest.h>

#include <string>

#include "kith/location/test/play.h"

namespace kith::location {
namespace {

const Question a_question{"a.example", RecordType::a};
const Address one = Address::v4(192, 0, 2, 1, 0);

Finding judged(std::vector<Record> records, Question question = a_question) {
  return judge(question, {.records = std::move(records)}, {});
}

TEST_CASE("RFC 1035 §2.3.3: names are the same in any case, and with a dot at the end") {
  CHECK(canonical_name("A.Example.") == "a.example");
  CHECK(canonical_name("a.example") == "a.example");
  CHECK(canonical_name(".") == ".");
}

TEST_CASE("RFC 2308 §5: what belongs to the question is kept as long as its smallest TTL") {
  const Finding found = judged({{"a.example", 300s, one}, {"a.example", 60s, one}});
  CHECK(found.kind == Finding::Kind::found);
  CHECK(found.records.size() == 2);
  CHECK(found.ttl == 60s);
  const Finding aliased = judged({{"a.example", 20s, Cname{"b.example"}}, {"b.example", 60s, one}});
  CHECK(aliased.records == std::vector<RecordData>{one});
  CHECK(aliased.ttl == 20s);
  CHECK(judged({{"a.example", 10'000h, one}}).ttl == Limits{}.ttl_max);
  CHECK(judged({{"a.example", -5s, one}}).ttl == 0s);
}

TEST_CASE("RFC 2308 §5: that there is nothing is kept as long as the SOA says, or half a minute") {
  const auto negative = [](AnswerCode code, std::optional<std::chrono::seconds> ttl) {
    return judge(a_question, {.code = code, .negative_ttl = ttl}, {});
  };
  for (const AnswerCode code : {AnswerCode::answered, AnswerCode::no_such_name}) {
    CHECK(negative(code, 77s) == Finding{.kind = Finding::Kind::none, .ttl = 77s});
    CHECK(negative(code, {}) == Finding{.kind = Finding::Kind::none, .ttl = negative_ttl_default});
    CHECK(negative(code, 10'000h).ttl == Limits{}.negative_ttl_max);
    CHECK(negative(code, 0s).ttl == 0s);
  }
}

TEST_CASE("RFC 2308 §7.1: that nobody could say is kept for seconds, not for five minutes") {
  static_assert(failure_ttl < 5min);
  for (const AnswerCode code : {AnswerCode::server_failure, AnswerCode::timed_out})
    CHECK(judge(a_question, {.code = code, .records = {{"a.example", 60s, one}}}, {}) ==
          Finding{.kind = Finding::Kind::failed, .ttl = failure_ttl});
}

TEST_CASE("location: an answer about something else is no answer") {
  const Question srv{"_sip._udp.a.example", RecordType::srv};
  const Question naptr{"a.example", RecordType::naptr};
  const Question aaaa{"a.example", RecordType::aaaa};
  const std::string long_name(name_size_bytes_max + 1, 'n');
  const std::vector<std::pair<Question, Record>> rows{
      {a_question, {"b.example", 60s, one}},
      {a_question, {"a.example", 60s, *Address::parse_host("2001:db8::1", 0)}},
      {a_question, {"a.example", 60s, Srv{0, 0, 5060, "b.example"}}},
      {a_question, {"a.example", 60s, Address::v4(0, 0, 0, 0, 0)}},
      {aaaa, {"a.example", 60s, Address{}}},
      {aaaa, {"a.example", 60s, one}},
      {srv, {srv.name, 60s, Srv{0, 0, 0, "b.example"}}},
      {srv, {srv.name, 60s, Srv{0, 0, 5060, ""}}},
      {srv, {srv.name, 60s, Srv{0, 0, 5060, long_name}}},
      {srv, {srv.name, 60s, one}},
      {naptr, {"a.example", 60s, Naptr{.replacement = long_name}}},
      {naptr, {"a.example", 60s, Naptr{.replacement = ""}}},
      {a_question, {"a.example", 60s, Cname{long_name}}},
  };
  for (const auto& [question, record] : rows) {
    CAPTURE(&record - &rows.front().second);
    CHECK(judged({record}, question).kind == Finding::Kind::none);
  }
  CHECK(judged({{srv.name, 60s, Srv{0, 0, 0, "."}}}, srv).kind == Finding::Kind::found);
}

TEST_CASE("location: an alias that leads out of the answer is followed by another question") {
  const Finding found = judged({{"a.example", 60s, Cname{"b.example"}}});
  CHECK(found.kind == Finding::Kind::alias);
  CHECK(found.alias == "b.example");
  // Unless the answer says that there is nothing behind it.
  const std::vector<Record> alias{{"a.example", 60s, Cname{"b.example"}}};
  CHECK(judge(a_question, {.code = AnswerCode::no_such_name, .records = alias}, {}).kind ==
        Finding::Kind::none);
  CHECK(judge(a_question, {.records = alias, .negative_ttl = 9s}, {}).ttl == 9s);
}

TEST_CASE("location: records beyond records_max, and aliases beyond aliases_max, do not count") {
  std::vector<Record> records(records_max, {"a.example", 60s, one});
  records.push_back({"a.example", 1s, Address::v4(192, 0, 2, 2, 0)});
  CHECK(judged(records).records.size() == records_max);
  CHECK(judged(records).ttl == 60s);

  const auto chain = [](std::size_t links) {
    std::vector<Record> answer;
    std::string name = "a.example";
    for (std::size_t i = 0; i < links; ++i)
      answer.push_back({std::exchange(name, std::to_string(i)), 60s, Cname{std::to_string(i)}});
    answer.push_back({name, 60s, one});
    return judged(answer).kind;
  };
  CHECK(chain(aliases_max) == Finding::Kind::found);
  CHECK(chain(aliases_max + 1) == Finding::Kind::alias);
  CHECK(judged({{"a.example", 60s, Cname{"a.example"}}}).kind == Finding::Kind::none);
}

}  // namespace
}  // namespace kith::location
