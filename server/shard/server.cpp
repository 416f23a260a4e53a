#include "server/shard/server.h"

#include <chrono>
#include <future>
#include <utility>

#include "kith/crypto/system_random.h"

namespace kith::server {

namespace {

/// How long an administrator waits for a busy shard.
constexpr std::chrono::seconds patience_with_shard{5};

template <class T>
std::optional<T> await(std::future<T> future) {
  if (future.wait_for(patience_with_shard) != std::future_status::ready) return std::nullopt;
  return future.get();
}

}  // namespace

Server::Server(ServerOptions options, store::Store& store)
    : options_(std::move(options)), writer_(std::make_unique<store::Writer>(store)) {}

std::expected<std::unique_ptr<Server>, std::string> Server::start(
    ServerOptions options, store::Store& store, std::function<void(std::string)> halt) {
  std::unique_ptr<Server> server(new Server(std::move(options), store));
  if (std::optional<std::string> error = server->open(store, std::move(halt)))
    return std::unexpected(*std::move(error));
  if (std::optional<std::string> error = server->listen())
    return std::unexpected(*std::move(error));
  for (const std::unique_ptr<Shard>& shard : server->shards_)
    server->threads_.emplace_back([&shard = *shard] { shard.run(); });
  return server;
}

std::optional<std::string> Server::open(store::Store& store,
                                        std::function<void(std::string)> halt) {
  if (options_.tls) {
    auto context = net::TlsContext::server(*options_.tls, options_.tls_clients);
    if (!context) return "certificate: " + context.error().text();
    tls_ = *std::move(context);
  }
  if (options_.accept) acceptor_ = std::make_unique<AcceptWorker>(options_.accept);
  std::vector<std::uint8_t> key(16);
  crypto::SystemRandom random;
  random.fill(std::as_writable_bytes(std::span(key)));
  const Common common{.settings = options_.settings,
                      .endpoint = options_.endpoint,
                      .network = options_.network,
                      .writer = *writer_,
                      .acceptor = acceptor_.get(),
                      .hash_key = key,
                      .halt = std::move(halt)};
  std::vector<Shard*> shards;
  for (std::size_t i = 0; i < options_.shards; ++i) {
    auto reader = store.reader();
    if (!reader) return "database: " + reader.error().sentence;
    shards_.push_back(
        std::make_unique<Shard>(static_cast<std::uint8_t>(i), common, *std::move(reader)));
    shards.push_back(shards_.back().get());
  }
  for (Shard* const shard : shards) shard->know(shards);
  return std::nullopt;
}

std::optional<std::string> Server::listen() {
  for (Listener listener : options_.listeners) {
    const net::ListenOptions options{.reuse_port = shards_.size() > 1,
                                     .tls = tls_ ? &*tls_ : nullptr};
    for (const std::unique_ptr<Shard>& shard : shards_) {
      const auto bound = shard->listen(listener.transport, listener.address, options);
      if (!bound)
        return "cannot listen on " + listener.address.text() + "/" +
               std::string(to_string(listener.transport)) + ": " + bound.error().message();
      listener.address = *bound;  // the other shards share the port that was chosen
    }
    listeners_.push_back(listener);
  }
  return std::nullopt;
}

bool Server::finish(Duration patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  bool all = true;
  // A request is read on one shard and answered by another: all have stopped reading before one is
  // asked whether it is quiet, and all are quiet before one closes what answers leave by.
  for (const auto step : {&Shard::pause, &Shard::when_quiet, &Shard::finish}) {
    std::vector<std::future<void>> steps;
    for (const std::unique_ptr<Shard>& shard : shards_) {
      auto done = std::make_shared<std::promise<void>>();
      steps.push_back(done->get_future());
      ((*shard).*step)([done] { done->set_value(); });
    }
    for (const std::future<void>& each : steps)
      all = each.wait_until(until) == std::future_status::ready && all;
  }
  writer_->finish();
  return all;
}

Server::~Server() {
  // The shards use the acceptor and the writer as long as they run; these two still leave their
  // results with the shards.
  for (const std::unique_ptr<Shard>& shard : shards_) shard->stop();
  for (std::thread& thread : threads_) thread.join();
  acceptor_.reset();
  writer_->finish();
}

std::expected<void, net::TlsError> Server::reload_certificate() {
  if (!tls_) return {};
  return tls_->reload();
}

void Server::account_changed(const sip::Aor& aor) {
  shards_[shards_.front()->owner_of(aor)]->account_changed(aor);
}

std::optional<service::UserView> Server::user(const sip::Aor& aor) {
  auto answer = std::make_shared<std::promise<std::optional<service::UserView>>>();
  auto future = answer->get_future();
  shards_[shards_.front()->owner_of(aor)]->ask_user(
      aor, [answer](std::optional<service::UserView> user) { answer->set_value(std::move(user)); });
  return await(std::move(future)).value_or(std::nullopt);
}

std::vector<ShardStatistics> Server::statistics() {
  std::vector<ShardStatistics> all;
  for (const std::unique_ptr<Shard>& shard : shards_) {
    auto answer = std::make_shared<std::promise<ShardStatistics>>();
    auto future = answer->get_future();
    shard->ask_statistics([answer](ShardStatistics each) { answer->set_value(each); });
    if (std::optional<ShardStatistics> each = await(std::move(future))) all.push_back(*each);
  }
  return all;
}

}  // namespace kith::server
