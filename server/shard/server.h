#pragma once

#include <cstddef>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "kith/base/transport.h"
#include "kith/net/tls_context.h"
#include "server/shard/shard.h"
#include "server/store/store.h"

namespace kith::server {

struct Listener {
  Transport transport = Transport::tcp;
  Address address;

  bool operator==(const Listener&) const = default;
};

struct ServerOptions {
  service::Settings settings;
  std::vector<Listener> listeners;  // with port 0: one that is free
  std::size_t shards = 1;
  std::optional<net::TlsFiles> tls;  // needed where a listener is TLS
  net::TlsClients tls_clients;       // what is asked of them there
  AcceptWorker::Accept accept;       // empty: no Kerberos
  ua::Config endpoint;
  net::Limits network;
};

/// The running server: its threads, from start to finish. The store outlives it.
class Server {
 public:
  /// Listens and serves, or says in a sentence why it cannot. `halt` is called, from any thread,
  /// when the process must end at once because the store does not know what it has.
  static std::expected<std::unique_ptr<Server>, std::string> start(
      ServerOptions options, store::Store& store, std::function<void(std::string)> halt);
  /// Ends at once what finish() has not ended.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Where it listens, with the ports that were chosen.
  const std::vector<Listener>& listeners() const { return listeners_; }
  const service::Settings& settings() const { return options_.settings; }

  /// Takes nothing new, answers what was accepted, stores it, ends the threads. False if some of it
  /// was not done in time.
  bool finish(Duration patience);

  std::expected<void, net::TlsError> reload_certificate();
  void account_changed(const sip::Aor& aor);

  /// Asks the user's shard; nothing where the user is not in memory or the shard does not answer in
  /// time.
  std::optional<service::UserView> user(const sip::Aor& aor);
  std::vector<ShardStatistics> statistics();
  store::Writer::Statistics writer_statistics() const { return writer_->statistics(); }
  std::size_t shard_count() const { return shards_.size(); }

 private:
  Server(ServerOptions options, store::Store& store);
  std::optional<std::string> open(store::Store& store, std::function<void(std::string)> halt);
  std::optional<std::string> listen();

  ServerOptions options_;
  std::optional<net::TlsContext> tls_;
  std::unique_ptr<store::Writer> writer_;
  std::unique_ptr<AcceptWorker> acceptor_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<std::thread> threads_;
  std::vector<Listener> listeners_;
};

}  // namespace kith::server
