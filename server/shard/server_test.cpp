#include "server/shard/server.h"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <string>

#include "kith/net/socket.h"
#include "kith/net/test_peer.h"
#include "kith/sip/message.h"
#include "server/store/memory/memory_store.h"

namespace kith::server {
namespace {

const Address loopback = Address::v4(127, 0, 0, 1, 0);

ServerOptions options(std::size_t shards = 2) {
  ServerOptions options;
  options.settings.domains = {"example.com"};
  options.settings.host = "lcs.example.com";
  options.settings.realm.fqdn = "lcs.example.com";
  options.listeners = {{Transport::tcp, loopback}, {Transport::udp, loopback}};
  options.shards = shards;
  options.network.close_timeout = 50ms;  // for a peer that leaves its side open
  return options;
}

void ignore(const std::string&) {}

/// A client that waits for each answer.
struct Peer {
  net::Fd fd;
  bool connected;

  explicit Peer(const Listener& to)
      : fd(::socket(AF_INET, to.transport == Transport::udp ? SOCK_DGRAM : SOCK_STREAM, 0)) {
    const net::SocketAddress address(to.address);
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(fd.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    connected = ::connect(fd.number(), address.data(), address.size) == 0;
  }
  /// The answer to a request without a body; nothing when the server has closed.
  std::string ask(std::string_view request) const {
    if (::send(fd.number(), request.data(), request.size(), MSG_NOSIGNAL) < 0) return {};
    std::string answer;
    std::array<char, 4096> chunk{};
    while (!answer.contains("\r\n\r\n")) {
      const ssize_t size = ::recv(fd.number(), chunk.data(), chunk.size(), 0);
      if (size <= 0) return {};
      answer.append(chunk.data(), static_cast<std::size_t>(size));
    }
    return answer;
  }
};

std::string options_of(const std::string& user, Transport transport) {
  return "OPTIONS sip:example.com SIP/2.0\r\nVia: SIP/2.0/" + std::string(to_string(transport)) +
         " 127.0.0.1;rport;branch=z9hG4bK" + user + "\r\nMax-Forwards: 70\r\nFrom: <sip:" + user +
         "@example.com>;tag=1\r\nTo: <sip:example.com>\r\nCall-ID: " + user +
         "\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";
}

}  // namespace

TEST_CASE("a request is answered on its own connection, on whichever shard its user lives") {
  store::MemoryStore store;
  const auto server = Server::start(options(), store, ignore);
  REQUIRE(server);
  for (const Listener& listener : (*server)->listeners()) {
    CHECK(listener.address.port != 0);
    const Peer peer(listener);
    REQUIRE(peer.connected);
    for (int i = 0; i < 16; ++i) {
      const std::string user = "user" + std::to_string(i);
      const auto answer = sip::Message::parse(peer.ask(options_of(user, listener.transport)));
      REQUIRE(answer);
      CHECK(answer->status() == 401);
      CHECK(answer->text("Call-ID") == user);
    }
  }
  CHECK((*server)->finish(10s));
}

TEST_CASE("administration asks every shard; a user who is not in memory is nobody") {
  store::MemoryStore store;
  const auto server = Server::start(options(3), store, ignore);
  REQUIRE(server);
  CHECK((*server)->shard_count() == 3);
  CHECK((*server)->statistics().size() == 3);
  CHECK_FALSE((*server)->user(sip::Aor{"alice@example.com"}));
  (*server)->account_changed(sip::Aor{"alice@example.com"});
  CHECK((*server)->reload_certificate());
  const Peer peer((*server)->listeners().front());
  CHECK_FALSE(peer.ask(options_of("alice", Transport::tcp)).empty());
  CHECK((*server)->user(sip::Aor{"alice@example.com"}));
  std::size_t connections = 0;
  for (const ShardStatistics& each : (*server)->statistics()) connections += each.connections;
  CHECK(connections == 1);
}

TEST_CASE("after finish connections are closed and nothing new is taken") {
  store::MemoryStore store;
  const auto server = Server::start(options(), store, ignore);
  REQUIRE(server);
  const Listener tcp = (*server)->listeners().front();
  const Peer before(tcp);
  CHECK_FALSE(before.ask(options_of("alice", Transport::tcp)).empty());
  CHECK((*server)->finish(10s));
  CHECK(before.ask(options_of("bob", Transport::tcp)).empty());
  CHECK_FALSE(Peer(tcp).connected);
}

TEST_CASE("RFC 5922 §7.4: clients are asked for certificates, and let in, as it was configured") {
  using enum net::TlsClients::Certificate;
  const net::TestTls tls;
  const net::TlsFiles stranger{.certificate = tls.folder.file("other.pem"),
                               .key = tls.folder.file("other_key.pem")};
  net::write_test_certificate(stranger);
  struct Case {
    net::TlsClients::Certificate asked;
    std::optional<net::TlsFiles> shown;
    bool let_in;
  };
  const Case cases[]{{unasked, {}, true},          {unasked, stranger, true},
                     {requested, {}, true},        {requested, tls.files, true},
                     {requested, stranger, false}, {required, {}, false},
                     {required, tls.files, true},  {required, stranger, false}};
  for (const Case& each : cases) {
    CAPTURE(static_cast<int>(each.asked));
    CAPTURE(each.let_in);
    const net::TlsTrust trust{.authorities = tls.files.certificate};
    store::MemoryStore store;
    ServerOptions with_tls = options(1);
    with_tls.listeners = {{Transport::tls, loopback}};
    with_tls.tls = tls.files;
    with_tls.tls_clients = {.certificate = each.asked, .trust = trust};
    const auto server = Server::start(with_tls, store, ignore);
    REQUIRE(server);
    const auto client = net::TlsContext::client(trust, each.shown);
    REQUIRE(client);
    net::Reactor reactor;
    net::Party party(reactor, {.client_tls = &*client});
    Flow flow;
    flow.transport = Transport::tls;
    flow.remote = (*server)->listeners().front().address;
    flow.id = party.net.connect(flow.transport, flow.remote, "localhost");
    party.net.send(flow, options_of("alice", Transport::tls));
    REQUIRE(reactor.run_until(
        [&] {
          return !party.heard.bytes.empty() || !party.heard.failures.empty() ||
                 !party.heard.closes.empty();
        },
        reactor.now() + 10s));
    CHECK(party.heard.bytes.empty() != each.let_in);
  }
}

TEST_CASE("a server that cannot start says why") {
  store::MemoryStore store;
  const auto server = Server::start(options(1), store, ignore);
  REQUIRE(server);
  ServerOptions taken = options(1);
  taken.listeners = (*server)->listeners();
  const auto second = Server::start(taken, store, ignore);
  REQUIRE_FALSE(second);
  CHECK(second.error().starts_with("cannot listen on 127.0.0.1:"));
  ServerOptions no_certificate = options(1);
  no_certificate.tls = net::TlsFiles{.certificate = "/nowhere.pem", .key = "/nowhere.pem"};
  CHECK(Server::start(no_certificate, store, ignore).error().starts_with("certificate: /nowhere"));
  const net::TestTls tls;
  ServerOptions no_authorities = options(1);
  no_authorities.tls = tls.files;
  no_authorities.tls_clients = {.certificate = net::TlsClients::Certificate::required,
                                .trust = {.authorities = "/nowhere.pem"}};
  CHECK(Server::start(no_authorities, store, ignore).error().starts_with("certificate: /nowhere"));
}

}  // namespace kith::server
