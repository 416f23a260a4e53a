#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "kith/base/overloaded.h"
#include "kith/base/random.h"
#include "kith/location/location.h"

namespace kith::location {

inline std::string to_string(RecordType type) {
  static const std::map<RecordType, std::string> names{
      {RecordType::a, "A"},     {RecordType::aaaa, "AAAA"},   {RecordType::cname, "CNAME"},
      {RecordType::srv, "SRV"}, {RecordType::naptr, "NAPTR"}, {RecordType::soa, "SOA"}};
  return names.at(type);
}

inline std::string to_string(Exhaustion why) {
  static const std::map<Exhaustion, std::string> names{
      {Exhaustion::unusable, "unusable"},
      {Exhaustion::not_found, "not_found"},
      {Exhaustion::dns_failed, "dns_failed"},
      {Exhaustion::all_failed, "all_failed"},
      {Exhaustion::unavailable, "unavailable"},
      {Exhaustion::too_many_searches, "too_many_searches"}};
  return names.at(why);
}

/// "TCP 192.0.2.1:5060"
inline std::string to_string(const Target& target) {
  return std::string(to_string(target.transport)) + ' ' + target.address.text() +
         (target.ttl ? " ttl " + std::to_string(*target.ttl) : "");
}

/// For tests: what the DNS says, one record a line, written as in a zone file.
///
///     example.com            60  NAPTR  10 50 s SIP+D2T _sip._tcp.example.com
///     _sip._tcp.example.com  60  SRV    0 5 5060 a.example.com
///     a.example.com          60  A      192.0.2.1
///     www.example.com        60  CNAME  a.example.com
///     example.com            60  SOA    30          with negative answers about that name: MINIMUM
///     b.example.com          0   A      SERVFAIL    or TIMEOUT; of what is not here: NXDOMAIN
///
/// An answer has the records of the name and of what its aliases lead to; NODATA, so no record,
/// where there are only others. "_" in a NAPTR's service stands for none.
class Zone {
 public:
  Zone(const char* text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) read(line);
  }

  Answer answer(const Question& question) const {
    Answer answer{.code = AnswerCode::no_such_name};
    if (const auto failure = failures_.find(question); failure != failures_.end())
      return {.code = failure->second};
    std::string name = question.name;
    for (int links = 0; links < 20; ++links) {
      std::string alias;
      for (const auto& [type, record] : records_) {
        if (record.owner != name) continue;
        answer.code = AnswerCode::answered;
        if (type == question.type || type == RecordType::cname) answer.records.push_back(record);
        if (type == RecordType::cname) alias = std::get<Cname>(record.data).target;
      }
      if (alias.empty()) break;
      name = alias;
    }
    if (const auto soa = negative_ttls_.find(name); soa != negative_ttls_.end())
      answer.negative_ttl = soa->second;
    return answer;
  }

 private:
  void read(const std::string& line) {
    std::istringstream in(line);
    std::string owner;
    std::string type;
    long ttl = 0;
    if (!(in >> owner)) return;
    in >> ttl >> type;
    REQUIRE_MESSAGE(!in.fail(), line);
    const auto add = [&](RecordType as, RecordData data) {
      REQUIRE_MESSAGE(!in.fail(), line);
      records_.emplace_back(as, Record{owner, std::chrono::seconds(ttl), std::move(data)});
    };
    std::string word;
    if (type == "SRV") {
      Srv srv;
      in >> srv.priority >> srv.weight >> srv.port >> srv.target;
      add(RecordType::srv, srv);
    } else if (type == "NAPTR") {
      Naptr naptr;
      in >> naptr.order >> naptr.preference >> naptr.flags >> naptr.services >> naptr.replacement;
      add(RecordType::naptr, naptr);
    } else if (type == "CNAME") {
      in >> word;
      add(RecordType::cname, Cname{word});
    } else if (type == "SOA") {
      in >> ttl;
      negative_ttls_[owner] = std::chrono::seconds(ttl);
    } else {
      in >> word;
      const RecordType as = type == "A" ? RecordType::a : RecordType::aaaa;
      if (word == "SERVFAIL" || word == "TIMEOUT") {
        for (const RecordType each : {RecordType::naptr, RecordType::srv, as})
          failures_[{owner, each}] =
              word == "SERVFAIL" ? AnswerCode::server_failure : AnswerCode::timed_out;
      } else {
        const std::optional<Address> address = Address::parse_host(word, 0);
        REQUIRE_MESSAGE(address, line);
        add(as, *address);
      }
    }
  }

  std::vector<std::pair<RecordType, Record>> records_;
  std::map<Question, AnswerCode> failures_;
  std::map<std::string, std::chrono::seconds> negative_ttls_;
};

/// For tests: a Location whose questions a Zone answers at once. It writes down what is asked, and
/// what is tried until the last target has failed.
struct Play {
  Zone zone;
  SeededRandom random{1};
  Location location;
  Time now{};
  std::string asked{};
  std::string tried{};
  std::optional<Found> found{};
  std::optional<Exhausted> exhausted{};

  explicit Play(Zone answers, Config config = {})
      : zone(std::move(answers)), location(std::move(config), random) {}

  static void append(std::string& list, const std::string& item) {
    if (!list.empty()) list += ", ";
    list += item;
  }

  void drain() {
    while (std::optional<Output> output = location.poll())
      std::visit(Overloaded{
                     [&](const Ask& ask) {
                       append(asked, ask.question.name + ' ' + to_string(ask.question.type));
                       location.answer(ask.question, zone.answer(ask.question), now);
                     },
                     [&](const Found& next) {
                       append(tried, to_string(next.target));
                       found = next;
                     },
                     [&](const Exhausted& end) {
                       append(tried, to_string(end.why));
                       exhausted = end;
                     },
                 },
                 *output);
  }

  SearchId start(std::string_view uri, std::size_t size_bytes = 0) {
    begin();
    const SearchId id =
        location.start(Request{.uri = sip::Uri::parse(uri).value(), .size_bytes = size_bytes}, now);
    drain();
    return id;
  }
  SearchId start(const sip::Via& via) {
    begin();
    const SearchId id = location.start(via, now);
    drain();
    return id;
  }
  void fail(Failure failure = Failure::timed_out, std::optional<Duration> retry_after = {}) {
    REQUIRE(found);
    location.failed(std::exchange(found, std::nullopt)->search, failure, now, retry_after);
    drain();
  }
  void fail_all(Failure failure = Failure::timed_out) {
    while (found) fail(failure);
  }

 private:
  void begin() {
    asked.clear();
    tried.clear();
    found.reset();
    exhausted.reset();
  }
};

/// For tests: a table of "what is located | what is asked | what is tried". Before the URI may
/// stand the size of the request; a cell may go on in lines that begin with a bar. Each row has a
/// Location of its own.
inline std::vector<std::vector<std::string>> rows_of(std::string_view table) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines{std::string(table)};
  for (std::string line; std::getline(lines, line);) {
    if (trim(line).empty()) continue;
    std::vector<std::string> cells;
    std::istringstream in(line);
    for (std::string cell; std::getline(in, cell, '|');) cells.emplace_back(trim(cell));
    cells.resize(3);
    if (!cells[0].empty()) {
      rows.push_back(std::move(cells));
      continue;
    }
    for (std::size_t i = 1; i < 3; ++i) {
      if (cells[i].empty()) continue;
      if (!rows.back()[i].empty()) rows.back()[i] += ' ';
      rows.back()[i] += cells[i];
    }
  }
  return rows;
}

inline void check_located(const char* zone, std::string_view table, const Config& config = {},
                          Failure failure = Failure::timed_out) {
  for (const std::vector<std::string>& row : rows_of(table)) {
    CAPTURE(row[0]);
    const std::size_t blank = row[0].find(' ');
    const bool sized = blank != std::string::npos;
    Play play(zone, config);
    play.start(sized ? row[0].substr(blank + 1) : row[0],
               sized ? std::stoul(row[0].substr(0, blank)) : 0);
    play.fail_all(failure);
    CHECK(play.asked == row[1]);
    CHECK(play.tried == row[2]);
    CHECK(play.location.counts().searches == 0);
  }
}

}  // namespace kith::location
