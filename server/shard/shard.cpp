#include "server/shard/shard.h"

#include <algorithm>
#include <utility>

#include "kith/base/overloaded.h"
#include "kith/base/siphash.h"
#include "server/log/log.h"

namespace kith::server {

namespace {

ua::Config endpoint_config(const Common& common, std::uint8_t number) {
  ua::Config config = common.endpoint;
  config.shard = number;
  return config;
}

/// "1-7": the seventh of shard 1.
std::string name_of(const Flow& flow) {
  constexpr std::uint64_t number = (std::uint64_t{1} << 56U) - 1;
  return std::to_string(shard_of(flow.id)) + "-" + std::to_string(flow.id & number);
}

log::Level level_of(service::Log::Level level) {
  return level == service::Log::Level::error ? log::Level::error : log::Level::warning;
}

}  // namespace

Shard::Shard(std::uint8_t number, Common common, std::unique_ptr<store::Reader> reader)
    : number_(number),
      common_(std::move(common)),
      reactor_(common_.clock),
      transports_(reactor_, *this,
                  net::TransportsOptions{.shard = number, .limits = common_.network}),
      endpoint_(endpoint_config(common_, number), random_),
      core_(common_.settings, random_),
      passage_(number, endpoint_, core_, random_, *this),
      reader_(std::move(reader)),
      mailbox_([this] { reactor_.post([this] { read_mail(); }); }, common_.mailbox_max),
      turn_(reactor_.task([this] { drain(); })),
      deadline_(reactor_.timer([this] {
        endpoint_.tick(reactor_.now());
        core_.tick(reactor_.now());
        turn_.schedule();
      })),
      retry_(reactor_.timer([this] { retry_stalled(); })) {}

Shard::~Shard() = default;

std::expected<Address, std::error_code> Shard::listen(Transport transport, const Address& address,
                                                      net::ListenOptions options) {
  return transports_.listen(transport, address, options);
}

void Shard::run() { reactor_.run(); }

std::size_t Shard::owner_of(const sip::Aor& aor) const {
  return siphash(as_bytes(aor.value), common_.hash_key) % shards_.size();
}

// ---- From the network ---------------------------------------------------------------------------

void Shard::opened(const Flow& flow) {
  streams_.insert(flow.id);
  endpoint_.opened(flow, reactor_.now());
  turn_.schedule();  // its time to authenticate begins
}

void Shard::connected(const Flow& flow) { opened(flow); }

void Shard::received(const Flow& flow, std::string_view bytes) {
  endpoint_.receive(flow, bytes, reactor_.now());
  turn_.schedule();
}

void Shard::failed(const Flow& flow, std::error_code why) { closed(flow, why); }

void Shard::closed(const Flow& flow, std::error_code why) {
  streams_.erase(flow.id);
  endpoint_.closed(flow, why, reactor_.now());
  turn_.schedule();
}

// ---- What is to be done -------------------------------------------------------------------------

void Shard::drain() {
  bool busy = true;
  while (busy) {
    busy = drain_endpoint();
    busy = passage_.drain() || busy;
  }
  deadline_.set(std::min(endpoint_.next_deadline(), core_.next_deadline()));
  check_finished();
}

bool Shard::drain_endpoint() {
  bool any = false;
  while (std::optional<ua::Output> output = endpoint_.poll()) {
    any = true;
    std::visit(Overloaded{
                   [this](ua::Send& send) { transports_.send(send.flow, std::move(send.bytes)); },
                   [this](ua::Close& close) { transports_.close(close.flow.id); },
                   [this](ua::Notice& notice) { passage_.hear(std::move(notice)); },
               },
               *output);
  }
  return any;
}

bool Shard::is_full() const { return is_pausing_ || !stalled_.empty(); }

void Shard::load(const sip::Aor& aor) {
  auto record = reader_->load(aor);
  std::expected<store::UserRecord, std::string> told;
  if (record)
    told = *std::move(record);
  else
    told = std::unexpected(record.error().sentence);
  core_.loaded(aor, std::move(told), reactor_.now());
}

void Shard::commit(service::Commit commit) {
  const service::CommitId id = commit.id;
  const bool taken = common_.writer.submit(
      std::move(commit.batch),
      [this, id](store::CommitResult result) {
        send_result([this, id, result = std::move(result)] {
          core_.committed(id, result, reactor_.now());
        });
      },
      commit.lazily ? store::Urgency::lazily : store::Urgency::now);
  if (!taken)
    core_.committed(id, {store::Commit::refused, store::Cause::queue_full, "the writer is behind"},
                    reactor_.now());
}

void Shard::accept(service::Accept accept) {
  const auth::JobId id = accept.job.id;
  if (!common_.acceptor) {
    core_.accepted(id,
                   std::unexpected(auth::AcceptFailure{auth::AcceptFailure::Kind::no_keytab,
                                                       "Kerberos is not configured"}),
                   reactor_.now());
    return;
  }
  common_.acceptor->submit(std::move(accept.job.token), [this, id](auth::AcceptResult result) {
    send_result([this, id, result = std::move(result)]() mutable {
      core_.accepted(id, std::move(result), reactor_.now());
    });
  });
}

void Shard::halt(const std::string& why) { common_.halt(why); }

void Shard::log(const service::Log& line) {
  log::write(level_of(line.level), line.event,
             {{"aor", line.aor.value},
              {"call_id", line.call_id},
              {"flow", line.flow ? name_of(*line.flow) : std::string{}},
              {"peer", line.flow ? line.flow->remote.text() : std::string{}},
              {"error", line.error}});
}

void Shard::log(const ua::Refused& refused) {
  log::write(log::Level::info, "message refused",
             {{"flow", name_of(refused.flow)},
              {"peer", refused.flow.remote.text()},
              {"status", std::to_string(refused.status)},
              {"error", std::string(refused.error.where) + " " +
                            std::string(to_string(refused.error.fault))}});
}

// ---- Between shards -----------------------------------------------------------------------------

void Shard::at(std::size_t shard, Deed deed) {
  if (shard == number_) {
    deed();
    turn_.schedule();
    return;
  }
  if (stalled_.empty() && shards_[shard]->mailbox_.put(deed)) return;
  if (stalled_.empty()) {  // back-pressure: who sends us more must wait
    transports_.pause_reading();
    retry_.set(reactor_.now() + limits::mailbox_retry);
  }
  stalled_.push_back({shard, std::move(deed)});
}

void Shard::retry_stalled() {
  while (!stalled_.empty()) {
    if (!shards_[stalled_.front().shard]->mailbox_.put(stalled_.front().mail)) {
      retry_.set(reactor_.now() + limits::mailbox_retry);
      return;
    }
    stalled_.pop_front();
  }
  if (is_pausing_)
    turn_.schedule();  // somebody may wait for this
  else
    transports_.resume_reading();
}

void Shard::read_mail() {
  for (Mailbox::Mail& mail : mailbox_.take()) mail();
  turn_.schedule();
}

// ---- From other threads -------------------------------------------------------------------------

void Shard::pause(std::function<void()> done) {
  send_result([this, done = std::move(done)]() mutable {
    transports_.stop_listening();
    transports_.pause_reading();
    // Whose token is being looked at has not authenticated yet, and still gets its answer.
    endpoint_.let_connections_stay();
    is_pausing_ = true;
    paused_ = std::move(done);
  });
}

void Shard::when_quiet(std::function<void()> done) {
  send_result([this, done = std::move(done)]() mutable { quiet_ = std::move(done); });
}

void Shard::finish(std::function<void()> done) {
  send_result([this, done = std::move(done)]() mutable { finished_ = std::move(done); });
}

/// Everything that was accepted has its answer, and the answers have left.
void Shard::check_finished() {
  if (!stalled_.empty()) return;
  if (paused_) std::exchange(paused_, nullptr)();
  if (!core_.is_quiet()) return;
  if (quiet_) std::exchange(quiet_, nullptr)();
  if (!finished_) return;
  for (const std::uint64_t id : std::exchange(streams_, {})) transports_.close(id);
  if (transports_.connections() == 0) std::exchange(finished_, nullptr)();
}

void Shard::stop() { reactor_.stop(); }

void Shard::account_changed(const sip::Aor& aor) {
  send_result([this, aor] { core_.account_changed(aor, reactor_.now()); });
}

void Shard::ask_user(const sip::Aor& aor,
                     std::function<void(std::optional<service::UserView>)> answer) {
  send_result([this, aor, answer = std::move(answer)] { answer(core_.user(aor)); });
}

void Shard::ask_statistics(std::function<void(ShardStatistics)> answer) {
  send_result([this, answer = std::move(answer)] {
    answer({core_.statistics(), endpoint_.counts(), transports_.counters(),
            transports_.connections()});
  });
}

}  // namespace kith::server
