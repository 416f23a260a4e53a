#include "kith/location/location.h"

#include <algorithm>
#include <deque>
#include <map>
#include <utility>
#include <vector>

#include "kith/base/overloaded.h"
#include "kith/location/search.h"
#include "kith/location/timed_map.h"

namespace kith::location {

class Location::Core {
 public:
  Core(Config config, Random& random) : config_(std::move(config)), random_(random) {}

  SearchId start(std::expected<Plan, Exhaustion> plan, std::optional<std::uint64_t> choice,
                 Time now);
  void answer(const Question& question, const Answer& answer, Time now);
  void failed(SearchId id, Failure failure, Time now, std::optional<Duration> retry_after);
  void succeeded(SearchId id);
  void end(SearchId id);
  std::optional<Output> poll();
  Counts counts() const;

  const Config& config() const { return config_; }

 private:
  void advance(SearchId id, Time now);
  bool supply(SearchId id, Search& search, const Question& question, Time now);

  Config config_;
  Random& random_;
  TimedMap<Question, Finding> cache_{config_.limits.cached_max};
  Blacklist blacklist_{config_.limits.blacklisted_max};
  std::map<SearchId, Search> searches_;
  std::map<Question, std::vector<SearchId>> asked_;  // and who waits
  std::deque<Output> outputs_;
  std::uint64_t last_id_ = 0;
};

SearchId Location::Core::start(std::expected<Plan, Exhaustion> plan,
                               std::optional<std::uint64_t> choice, Time now) {
  const SearchId id{++last_id_};
  if (searches_.size() >= config_.limits.searches_max)
    plan = std::unexpected(Exhaustion::too_many_searches);
  if (!plan) {
    outputs_.emplace_back(Exhausted{id, plan.error()});
    return id;
  }
  searches_.try_emplace(id, std::move(*plan), choice ? *choice : random_.number());
  advance(id, now);
  return id;
}

/// Whether the search could be told at once.
bool Location::Core::supply(SearchId id, Search& search, const Question& question, Time now) {
  if (const std::optional<Finding> known = config_.overrides.find(question)) {
    search.hear(question, *known);
    return true;
  }
  if (const auto* const cached = cache_.find(question, now)) {
    search.hear(question, cached->value);
    return true;
  }
  const auto [asked, is_new] = asked_.try_emplace(question);
  asked->second.push_back(id);
  if (is_new) outputs_.emplace_back(Ask{question});
  return false;
}

void Location::Core::advance(SearchId id, Time now) {
  const auto at = searches_.find(id);
  if (at == searches_.end()) return;
  Search& search = at->second;
  for (bool waits = false; !waits;) {
    waits = std::visit(Overloaded{
                           [&](const std::vector<Question>& wanted) {
                             bool told = true;
                             for (const Question& question : wanted)
                               told = supply(id, search, question, now) && told;
                             return !told;
                           },
                           [&](const Target& target) {
                             outputs_.emplace_back(Found{id, target});
                             return true;
                           },
                           [&](const Spent& spent) {
                             outputs_.emplace_back(Exhausted{id, spent.why, spent.not_before});
                             searches_.erase(at);
                             return true;
                           },
                       },
                       search.next(blacklist_, now));
  }
}

void Location::Core::answer(const Question& question, const Answer& answer, Time now) {
  auto asked = asked_.extract(question);
  if (!asked) return;
  const Finding finding = judge(question, answer, config_.limits);
  cache_.put(question, finding, now + finding.ttl, now);
  for (const SearchId id : asked.mapped()) {
    const auto search = searches_.find(id);
    if (search == searches_.end()) continue;
    search->second.hear(question, finding);
    if (search->second.wanted().empty()) advance(id, now);
  }
}

void Location::Core::failed(SearchId id, Failure failure, Time now,
                            std::optional<Duration> retry_after) {
  const auto at = searches_.find(id);
  if (at == searches_.end() || !at->second.current()) return;
  const Hop hop = hop_of(*at->second.current());
  if (failure != Failure::unavailable)
    blacklist_.put(hop, failure, now + config_.avoid_for, now);
  else if (retry_after)  // a 503 without it is a 500: RFC 3261 §21.5.4
    blacklist_.put(hop, failure, now + std::min(*retry_after, config_.limits.retry_after_max), now);
  at->second.failed(failure);
  advance(id, now);
}

void Location::Core::succeeded(SearchId id) {
  const auto at = searches_.find(id);
  if (at == searches_.end()) return;
  if (at->second.current()) blacklist_.erase(hop_of(*at->second.current()));
  end(id);
}

void Location::Core::end(SearchId id) {
  const auto at = searches_.find(id);
  if (at == searches_.end()) return;
  for (const Question& question : at->second.wanted()) {
    const auto asked = asked_.find(question);
    if (asked != asked_.end()) std::erase(asked->second, id);
  }
  searches_.erase(at);
}

std::optional<Output> Location::Core::poll() {
  if (outputs_.empty()) return std::nullopt;
  Output output = std::move(outputs_.front());
  outputs_.pop_front();
  return output;
}

Counts Location::Core::counts() const {
  return {.searches = searches_.size(),
          .questions = asked_.size(),
          .cached = cache_.size(),
          .blacklisted = blacklist_.size()};
}

Location::Location(Config config, Random& random)
    : core_(std::make_unique<Core>(std::move(config), random)) {}

Location::~Location() = default;

SearchId Location::start(const Request& request, Time now) {
  return core_->start(plan(request, core_->config()), request.choice, now);
}

SearchId Location::start(const sip::Via& via, Time now) {
  return core_->start(plan(via, core_->config()), std::nullopt, now);
}

void Location::answer(const Question& question, const Answer& answer, Time now) {
  core_->answer(question, answer, now);
}

void Location::failed(SearchId search, Failure failure, Time now,
                      std::optional<Duration> retry_after) {
  core_->failed(search, failure, now, retry_after);
}

void Location::succeeded(SearchId search) { core_->succeeded(search); }

void Location::end(SearchId search) { core_->end(search); }

std::optional<Output> Location::poll() { return core_->poll(); }

Counts Location::counts() const { return core_->counts(); }

}  // namespace kith::location
