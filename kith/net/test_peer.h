#pragma once

#include <sys/socket.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "kith/net/reactor.h"
#include "kith/net/socket.h"
#include "kith/net/test_certificate.h"
#include "kith/net/transports.h"

namespace kith::net {

/// For tests: remembers everything it is told.
struct Recorder final : Handler {
  struct Ending {
    std::uint64_t id;
    std::error_code why;
    Address remote;
  };

  std::vector<Flow> opens;
  std::vector<Flow> connects;
  std::vector<Ending> failures;
  std::vector<Ending> closes;
  std::vector<Ending> drops;
  std::map<std::uint64_t, std::vector<std::string>> undelivereds;  // by flow
  std::map<std::uint64_t, std::string> bytes;                      // by flow
  std::vector<std::size_t> chunk_sizes;
  std::optional<Flow> last;  // flow of what was received last
  std::function<void(const Flow&)> on_open;
  std::function<void(const Flow&, std::string_view)> on_bytes;

  void opened(const Flow& flow) override {
    opens.push_back(flow);
    if (on_open) on_open(flow);
  }
  void connected(const Flow& flow) override { connects.push_back(flow); }
  void failed(const Flow& flow, std::error_code why) override {
    failures.push_back({flow.id, why, flow.remote});
  }
  void closed(const Flow& flow, std::error_code why) override {
    closes.push_back({flow.id, why, flow.remote});
  }
  void undelivered(const Flow& flow, std::vector<std::string> messages) override {
    undelivereds[flow.id] = std::move(messages);
  }
  void dropped(const Flow& flow, std::error_code why) override {
    drops.push_back({flow.id, why, flow.remote});
  }
  void received(const Flow& flow, std::string_view chunk) override {
    bytes[flow.id] += chunk;
    chunk_sizes.push_back(chunk.size());
    last = flow;
    if (on_bytes) on_bytes(flow, chunk);
  }

  std::size_t received_size_bytes() const {
    std::size_t total = 0;
    for (const auto& [id, text] : bytes) total += text.size();
    return total;
  }
};

/// For tests: one certificate for all that run in this process.
struct TestTls {
  TestFolder folder;
  TlsFiles files{.certificate = folder.file("certificate.pem"), .key = folder.file("key.pem")};
  std::optional<TlsContext> server;
  std::optional<TlsContext> client;

  TestTls() {
    write_test_certificate(files);
    server = std::move(TlsContext::server(files).value());
    client = std::move(TlsContext::client({.authorities = files.certificate}).value());
  }
};

/// For tests: a Transports and who listens to it.
struct Party {
  Recorder heard;
  Transports net;

  Party(Reactor& reactor, TransportsOptions options) : net(reactor, heard, options) {}
};

inline const Address loopback = Address::v4(127, 0, 0, 1, 0);
inline const Address loopback_v6 = *Address::parse_host("::1", 0);

/// For tests: a server and a client in one loop, over one transport.
struct Loopback {
  Transport transport;
  TestTls tls = {};
  Reactor reactor = Reactor{};
  std::unique_ptr<Party> server = {};
  std::unique_ptr<Party> client = {};

  explicit Loopback(Transport its_transport, Limits server_limits = {}, Limits client_limits = {})
      : transport(its_transport) {
    server = party(1, server_limits);
    client = party(2, client_limits);
  }

  std::unique_ptr<Party> party(std::uint8_t shard, Limits limits = {}) {
    return std::make_unique<Party>(
        reactor, TransportsOptions{.shard = shard, .client_tls = &*tls.client, .limits = limits});
  }

  /// False if it does not come true in time.
  bool until(const std::function<bool()>& done) {
    return reactor.run_until(done, reactor.now() + 10s);
  }

  /// A few turns, for what must not happen.
  void settle() {
    int turns = 0;
    const std::function<void()> again = [&] {
      if (++turns < 20) reactor.post(again);
    };
    again();
    until([&] { return turns == 20; });
  }

  std::expected<Address, std::error_code> listen(Party& party, const Address& address = loopback,
                                                 bool reuse_port = false) {
    return party.net.listen(transport, address, {.reuse_port = reuse_port, .tls = &*tls.server});
  }

  void echo(Party& party) {
    party.heard.on_bytes = [&party](const Flow& flow, std::string_view bytes) {
      party.net.send(flow, std::string(bytes));
    };
  }

  /// A new connection of the client, as both sides see it. UDP has no server side before it sends.
  struct Pair {
    Flow server;
    Flow client;
  };
  std::optional<Pair> join(const Address& address) {
    const std::size_t opens = server->heard.opens.size();
    const std::size_t connects = client->heard.connects.size();
    client->net.connect(transport, address, "localhost");
    const bool stream = is_stream(transport);
    if (!until([&] {
          return client->heard.connects.size() > connects &&
                 (!stream || server->heard.opens.size() > opens);
        }))
      return std::nullopt;
    return Pair{.server = stream ? server->heard.opens.back() : Flow{},
                .client = client->heard.connects.back()};
  }
};

/// For tests: a plain socket whose peer is a Transports.
struct Raw {
  Fd fd;

  explicit Raw(const Address& address, int type = SOCK_STREAM)
      : fd(::socket(address.is_v4() ? AF_INET : AF_INET6, type | SOCK_CLOEXEC, 0)) {}

  bool connect(const Address& remote) {
    const SocketAddress to(remote);
    return ::connect(fd.number(), to.data(), to.size) == 0;
  }
  bool bind(const Address& address) {
    const SocketAddress at(address);
    return ::bind(fd.number(), at.data(), at.size) == 0;
  }
  bool send(std::string_view bytes) {
    return ::send(fd.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }
  /// What is there now, and nothing if nothing is.
  std::string take() {
    std::string bytes(64 * 1024, '\0');
    const ssize_t n = ::recv(fd.number(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    bytes.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return bytes;
  }
  bool ended() {
    char byte = 0;
    return ::recv(fd.number(), &byte, 1, MSG_DONTWAIT | MSG_PEEK) == 0;
  }
  /// Closes so that the peer gets a reset.
  void reset() {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(fd.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    fd = Fd();
  }
};

}  // namespace kith::net
