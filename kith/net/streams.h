#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <vector>

#include "kith/base/flow.h"
#include "kith/net/counters.h"
#include "kith/net/handler.h"
#include "kith/net/limits.h"
#include "kith/net/reactor.h"
#include "kith/net/send_queue.h"
#include "kith/net/socket.h"
#include "kith/net/tls_context.h"
#include "kith/net/transport/stream.h"
#include "kith/net/unacknowledged.h"

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
  std::optional<Flow> find(Transport transport, const Address& remote,
                           std::string_view server_name) const;
  bool alias(std::uint64_t id, std::uint16_t port);
  std::vector<std::string> sip_domains(std::uint64_t id) const;
  std::size_t size() const { return connections_.size(); }

 private:
  struct Connection {
    enum class State : std::uint8_t {
      connecting,
      handshaking,
      open,
      lingering,  // our side has ended; the peer's has not
    };

    Flow flow;
    StreamSetup::Side side = StreamSetup::Side::accepted;
    State state = State::handshaking;
    const TlsContext* tls = nullptr;
    std::string server_name = {};
    std::error_code doom = {};  // what it ends with, in its next turn
    bool used = false;          // something has come in on it
    bool closing = false;       // ends when the queue is empty
    bool scheduled = false;
    bool held = false;
    bool more = false;  // the stream keeps bytes that the descriptor will not announce
    bool read_wants_write = false;
    bool write_wants_read = false;
    SendQueue queue = {};
    Unacknowledged sent = {};              // only of outgoing ones
    std::optional<Address> leads_to = {};  // where it may be used again
    Fd fd = {};
    std::unique_ptr<Stream> stream = {};
    Watch watch = {};
    Timer deadline = {};
  };

  Connection& add(const Flow& flow, const TlsContext* tls, StreamSetup::Side side);
  Connection* at(std::uint64_t id) const;
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
  void lead(Connection& it, std::optional<Address> to);
  void remember_sent(Connection& it);
  void tell_undelivered(Connection& it);

  Reactor& reactor_;
  Handler& handler_;
  const Limits& limits_;
  Counters& counters_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
  std::unordered_multimap<Address, std::uint64_t> leads_;  // what may be used again, by its peer
  Task task_;
  std::vector<std::uint64_t> scheduled_;
  std::vector<std::uint64_t> running_;
  std::vector<std::uint64_t> held_;  // readable, but reading is paused
  bool paused_ = false;
  std::array<char, chunk_size_bytes> chunk_;    // what is read, for the length of one call
  std::array<char, chunk_size_bytes> scratch_;  // what is written, likewise
};

}  // namespace kith::net
