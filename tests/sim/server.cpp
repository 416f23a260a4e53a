#include "tests/sim/server.h"

#include <algorithm>
#include <utility>

#include "kith/auth/testing/hmac_mechanism.h"
#include "kith/base/siphash.h"

namespace kith::play {

namespace {

constexpr std::array<std::uint8_t, 16> hash_key{1, 2,  3,  4,  5,  6,  7,  8,
                                                9, 10, 11, 12, 13, 14, 15, 16};
constexpr unsigned shard_bits = 56U;

ua::Config endpoint_config(std::size_t number) {
  ua::Config config;
  config.shard = static_cast<std::uint8_t>(number);
  return config;
}

}  // namespace

// ---- One shard ----------------------------------------------------------------------------------

/// A passage with a world in place of reactor, threads and sockets: flows carry the number of the
/// shard inside, and not outside.
class Server::Shard final : public sim::Node, public service::Ways {
 public:
  Shard(Server& server, std::size_t number) : server_(server), number_(number) {}

  void start() {
    endpoint_ = std::make_unique<ua::Endpoint>(endpoint_config(number_), server_.random_);
    core_ = std::make_unique<service::Core>(server_.settings_, server_.random_);
    passage_ =
        std::make_unique<service::Passage>(number_, *endpoint_, *core_, server_.random_, *this);
  }

  void end() {
    passage_.reset();
    core_.reset();
    endpoint_.reset();
  }
  void hang_up() {
    for (const auto& [id, flow] : std::exchange(streams_, {})) server_.world_.cut(outside(flow));
  }

  bool is_up() const { return endpoint_ != nullptr; }
  service::Core& core() { return *core_; }
  ua::Endpoint& endpoint() { return *endpoint_; }

  void opened(const Flow& flow, Time now) override {
    if (!is_up()) {
      server_.world_.at(now, [this, flow] { server_.world_.cut(flow); });
      return;
    }
    const Flow ours = inside(flow);
    streams_.emplace(ours.id, ours);
    endpoint_->opened(ours, now);
  }
  void receive(const Flow& flow, std::string_view bytes, Time now) override {
    if (is_up()) endpoint_->receive(inside(flow), bytes, now);
  }
  void closed(const Flow& flow, std::error_code why, Time now) override {
    const Flow ours = inside(flow);
    streams_.erase(ours.id);
    if (is_up()) endpoint_->closed(ours, why, now);
  }
  void tick(Time now) override {
    if (is_up()) {
      endpoint_->tick(now);
      core_->tick(now);
    }
    if (number_ == 0) server_.tick(now);
  }
  Time next_deadline() const override {
    Time next = number_ == 0 ? server_.next_deadline() : never;
    if (is_up()) next = std::min({next, endpoint_->next_deadline(), core_->next_deadline()});
    return next;
  }
  std::optional<ua::Output> poll() override {
    while (is_up()) {
      passage_->drain();
      std::optional<ua::Output> output = endpoint_->poll();
      if (!output) return std::nullopt;
      if (auto* const send = std::get_if<ua::Send>(&*output)) send->flow = outside(send->flow);
      if (auto* const close = std::get_if<ua::Close>(&*output)) {
        streams_.erase(close->flow.id);
        close->flow = outside(close->flow);
      }
      return output;
    }
    return std::nullopt;
  }
  void hear(ua::Notice notice, Time) override {
    if (is_up()) passage_->hear(std::move(notice));
  }

 private:
  Time now() const override { return server_.world_.now(); }
  std::size_t shards() const override { return server_.shards_.size(); }
  service::Passage& passage(std::size_t shard) override {
    return *server_.shards_.at(shard)->passage_;
  }
  std::size_t owner_of(const sip::Aor& aor) const override { return server_.owner_of(aor); }
  void at(std::size_t, Deed deed) override { deed(); }
  bool is_full() const override { return false; }
  void load(const sip::Aor& aor) override { server_.load(number_, aor, now()); }
  void commit(service::Commit commit) override {
    server_.commit(number_, std::move(commit), now());
  }
  void accept(service::Accept accept) override {
    server_.accept(number_, std::move(accept.job), now());
  }
  void halt(const std::string& why) override { server_.halt(why); }
  void log(const service::Log& line) override {
    if (server_.trace_)
      server_.trace("log " + std::string(line.event) + " " + line.aor.value + " " + line.error);
  }
  void log(const ua::Refused& refused) override {
    server_.trace("refused " + std::to_string(refused.status) + " " +
                  std::string(refused.error.where));
  }

  Flow inside(Flow flow) const {
    flow.id |= static_cast<std::uint64_t>(number_) << shard_bits;
    return flow;
  }
  static Flow outside(Flow flow) {
    flow.id &= (std::uint64_t{1} << shard_bits) - 1;
    return flow;
  }

  Server& server_;
  std::size_t number_;
  std::unique_ptr<ua::Endpoint> endpoint_;
  std::unique_ptr<service::Core> core_;
  std::unique_ptr<service::Passage> passage_;
  std::unordered_map<std::uint64_t, Flow> streams_;
};

// ---- The process --------------------------------------------------------------------------------

Server::Server(sim::World& world, service::Settings settings, Trace trace)
    : world_(world),
      settings_(std::move(settings)),
      trace_(std::move(trace)),
      random_(world.random().next()),
      store_(random_) {
  for (std::size_t i = 0; i < shards; ++i) {
    shards_.at(i) = std::make_unique<Shard>(*this, i);
    world_.add(*shards_.at(i), address(i));
  }
}

Server::~Server() = default;

Address Server::address(std::size_t shard) {
  return Address::v4(192, 0, 2, static_cast<std::uint8_t>(1 + shard), 5060);
}

std::size_t Server::owner_of(const sip::Aor& aor) const {
  return siphash(as_bytes(aor.value), hash_key) % shards;
}

void Server::start() {
  if (up_) return;
  trace("the server starts");
  ++lives_;
  up_ = true;
  for (const auto& shard : shards_) shard->start();
}

void Server::crash() {
  if (!up_) return;
  trace("the server crashes");
  up_ = false;
  store_.power_fail();
  for (const auto& shard : shards_) shard->end();
  for (const auto& shard : shards_) shard->hang_up();
  remember_after_crash();
  submitted_.clear();
  asked_.clear();
  tokens_.clear();
}

void Server::halt(const std::string& why) {
  trace("halt: " + why);
  ++halts_;
  world_.at(world_.now(), [this, life = lives_] {
    if (life == lives_) crash();
  });
}

void Server::trace(const std::string& line) const {
  if (trace_) trace_(line);
}

std::optional<service::UserView> Server::user(const sip::Aor& aor) const {
  if (!up_) return std::nullopt;
  return shards_.at(owner_of(aor))->core().user(aor);
}

service::Statistics Server::statistics() const {
  service::Statistics sum;
  for (const auto& shard : shards_)
    if (shard->is_up()) sum += shard->core().statistics();
  return sum;
}

ua::Counts Server::counts() const {
  ua::Counts sum;
  for (const auto& shard : shards_) {
    if (!shard->is_up()) continue;
    const ua::Counts one = shard->endpoint().counts();
    sum.client_transactions += one.client_transactions;
    sum.server_transactions += one.server_transactions;
    sum.connections += one.connections;
  }
  return sum;
}

bool Server::is_quiet() const {
  return submitted_.empty() && asked_.empty() && tokens_.empty() &&
         std::ranges::all_of(shards_, [](const auto& shard) {
           return !shard->is_up() || shard->core().is_quiet();
         });
}

// ---- Disk and tokens ----------------------------------------------------------------------------

void Server::commit(std::size_t shard, service::Commit commit, Time now) {
  const auto ticket = store_.submit(commit.batch, now);
  if (ticket) {
    submitted_.emplace(*ticket, Submitted{shard, commit.id, std::move(commit.batch)});
    return;
  }
  shards_.at(shard)->core().committed(
      commit.id,
      {store::Commit::refused, store::Cause::queue_full, "the writer is behind or has ended"}, now);
}

void Server::load(std::size_t shard, const sip::Aor& aor, Time now) {
  asked_.emplace(store_.load(aor, now), Asked{shard, aor});
}

void Server::accept(std::size_t shard, auth::AcceptJob job, Time now) {
  const auto most = static_cast<std::uint64_t>(accept_delay_ / 1us);
  const Time due = now + 1us * static_cast<Duration::rep>(random_.below(most + 1));
  tokens_.emplace(due, Token{shard, std::move(job)});
}

Time Server::next_deadline() const {
  const Time token = tokens_.empty() ? never : tokens_.begin()->first;
  return std::min(token, store_.next_deadline());
}

void Server::tick(Time now) {
  while (auto next = store_.poll(now)) {
    if (auto* const committed = std::get_if<store::SimulatedStore::Committed>(&*next)) {
      answer(std::move(*committed), now);
      continue;
    }
    auto& loaded = std::get<store::SimulatedStore::Loaded>(*next);
    const auto asked = asked_.extract(loaded.ticket);
    if (asked.empty() || !up_) continue;
    std::expected<store::UserRecord, std::string> told;
    if (loaded.user)
      told = *std::move(loaded.user);
    else
      told = std::unexpected(loaded.user.error().sentence);
    shards_.at(asked.mapped().shard)->core().loaded(asked.mapped().aor, std::move(told), now);
  }
  while (!tokens_.empty() && tokens_.begin()->first <= now) {
    const Token token = std::move(tokens_.begin()->second);
    tokens_.erase(tokens_.begin());
    auth::AcceptResult result =
        replay_cache_.insert(token.job.token).second
            ? auth::testing::hmac_accept(token.job.token, "sip/" + settings_.realm.fqdn)
            : std::unexpected(
                  auth::AcceptFailure{auth::AcceptFailure::Kind::replay, "seen before"});
    shards_.at(token.shard)->core().accepted(token.job.id, std::move(result), now);
  }
}

void Server::answer(store::SimulatedStore::Committed committed, Time now) {
  const auto submitted = submitted_.extract(committed.ticket);
  if (submitted.empty()) return;
  const Submitted& batch = submitted.mapped();
  if (committed.result.how == store::Commit::done) remember(batch.batch);
  if (committed.result.how == store::Commit::unknown) unknown_.push_back(batch.batch);
  if (!committed.result.sentence.empty()) trace("store: " + committed.result.sentence);
  if (up_) shards_.at(batch.shard)->core().committed(batch.id, committed.result, now);
}

void Server::remember(const store::Batch& batch) {
  for (const store::Write& write : batch.writes) {
    const auto* const change = std::get_if<store::ListChange>(&write);
    if (change == nullptr) continue;
    std::vector<contacts::Delta>& steps = history_[batch.aor];
    if (!steps.empty() && steps.back().to != change->delta.from)
      violations_.push_back("the disk has a step of " + batch.aor.value + " that does not follow");
    steps.push_back(change->delta);
  }
}

/// What was under way is on the disk as a whole or not at all: which, the stored version tells.
void Server::remember_after_crash() {
  std::vector<store::Batch> open = std::exchange(unknown_, {});
  for (const auto& [ticket, submitted] : submitted_) open.push_back(submitted.batch);
  for (const store::Batch& batch : open) {
    const auto stored = store_.durable().users().find(batch.aor.value);
    if (stored == store_.durable().users().end()) continue;
    for (const store::Write& write : batch.writes) {
      const auto* const change = std::get_if<store::ListChange>(&write);
      if (change == nullptr || stored->second.list.version() < change->delta.to) continue;
      const std::vector<contacts::Delta>& steps = history_[batch.aor];
      const contacts::Version known = steps.empty() ? contacts::Version{1} : steps.back().to;
      if (change->delta.from == known) history_[batch.aor].push_back(change->delta);
    }
  }
}

const std::vector<contacts::Delta>& Server::history(const sip::Aor& aor) const {
  static const std::vector<contacts::Delta> none;
  const auto found = history_.find(aor);
  return found == history_.end() ? none : found->second;
}

}  // namespace kith::play
