#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "kith/base/random.h"
#include "kith/base/time.h"
#include "kith/location/plan.h"
#include "kith/location/records.h"
#include "kith/location/target.h"
#include "kith/location/timed_map.h"

namespace kith::location {

/// One server by one transport.
using Hop = std::pair<Transport, Address>;
inline Hop hop_of(const Target& target) { return {target.transport, target.address}; }

/// Servers that failed lately. That another one is tried then is RFC 3263 §4.3; that they are not
/// the first choice of other requests either is ours. Those that are `unavailable` said
/// Retry-After.
using Blacklist = TimedMap<Hop, Failure>;

struct Spent {
  Exhaustion why = Exhaustion::not_found;
  std::optional<Time> not_before{};
};

/// One search: it says what it must know, is told, and gives one target after the other.
class Search {
 public:
  /// What must be heard before it can go on, the next target, or that there is none.
  using Next = std::variant<std::vector<Question>, Target, Spent>;

  Search(Plan plan, std::uint64_t choice) : plan_(std::move(plan)), random_(choice) {}

  Next next(const Blacklist& blacklist, Time now);
  void hear(const Question& question, const Finding& finding);
  void failed(Failure failure);

  /// The target given out, until it fails.
  const std::optional<Target>& current() const { return current_; }
  /// What is not yet heard.
  const std::vector<Question>& wanted() const { return wanted_; }

 private:
  enum class Taken : std::uint8_t { yes, must_wait };

  // Each puts other steps in the place of the one that it takes.
  Taken take(const FindServices& step);
  Taken take(const ProbeTransports& step);
  Taken take(const FindServers& step);
  Taken take(const FindAddresses& step);

  void consider(Candidate candidate, const Blacklist& blacklist, Time now);
  bool goes_by_stream(const Candidate& candidate) const;
  void offer(const Candidate& candidate);

  const Finding* know(std::string name, RecordType type);
  void replace(std::vector<Step> steps);
  Spent spent() const;

  Plan plan_;
  SeededRandom random_;
  std::map<Question, Finding> heard_;
  std::vector<Question> wanted_;
  std::set<Hop> tried_;
  std::deque<Candidate> later_;
  std::optional<Target> current_;
  std::optional<Failure> failure_;  // of the target before
  std::optional<Target> offered_;   // to be given out
  std::optional<Time> not_before_;
  bool dns_failed_ = false;
  Finding nothing_{};  // about what may not be asked
};

}  // namespace kith::location
