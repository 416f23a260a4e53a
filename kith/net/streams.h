#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <system_error>
#include <unordered_map>
#include <vector>

#include "kith/base/flow.h"
#include "kith/net/counters.h"
#include "kith/net/handler.h"
#include "kith/net/limits.h"
#include "kith/net/reactor.h"
#include "kith/net/socket.h"
#include "kith/net/tls_context.h"
#include "kith/net/transport/stream.h"

namespace kith::net {

/// The connections of one shard, whatever their transport. A connection goes away only in a turn of
/// its own: never inside send() or close(), and so never under the feet of a handler.
class Streams {
 public:
  Streams(Reactor& reactor, Handler& handler, const Limits& limits, Counters& counters);
  ~Streams();

  void accept(Fd fd, std::uint64_t id, Transport transport, const TlsContext* tls);
  void connect(const Flow& flow, const TlsContext* tls, std::string server_name);

  void send(std::uint64_t id, std::string bytes);
  void close(std::uint64_t id);
  void pause();
  void resume();
  std::size_t size() const { return connections_.size(); }

 private:
  struct Connection;

  Connection& add(const Flow& flow, const TlsContext* tls, StreamSetup::Side side);
  Connection* find(std::uint64_t id);
  std::error_code watch(Connection& it);
  std::error_code start_connecting(Connection& it);

  // Each of these may finish the connection, except those that say whether it still lives.
  void readable(Connection& it);
  void writable(Connection& it);
  void begin(Connection& it);
  void handshake(Connection& it);
  void up(Connection& it);
  [[nodiscard]] bool read(Connection& it);
  void flush(Connection& it);
  void discard(Connection& it);
  void expired(Connection& it);
  void turn(Connection& it);
  void turns();
  void finish(Connection& it, std::error_code why);

  void start_closing(Connection& it);
  void start_lingering(Connection& it);
  void schedule(Connection& it);
  bool hold(Connection& it);

  Reactor& reactor_;
  Handler& handler_;
  const Limits& limits_;
  Counters& counters_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
  Task task_;
  std::vector<std::uint64_t> scheduled_;
  std::vector<std::uint64_t> running_;
  std::vector<std::uint64_t> held_;  // readable, but reading is paused
  bool paused_ = false;
  std::array<char, chunk_size_bytes> chunk_;    // what is read, for the length of one call
  std::array<char, chunk_size_bytes> scratch_;  // what is written, likewise
};

}  // namespace kith::net
