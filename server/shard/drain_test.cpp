#include <doctest/doctest.h>
#include <sys/time.h>

#include <array>
#include <future>
#include <semaphore>
#include <string>

#include "kith/net/test_peer.h"
#include "server/shard/server.h"
#include "server/store/memory/memory_store.h"

namespace kith::server {
namespace {

/// Longer than it takes from a connection to the drain; tests wait for it.
constexpr Duration connection_timer = 1500ms;

/// A server whose acceptor looks at a token until it is let go, and a client that has sent one.
struct Asked {
  store::MemoryStore store;
  std::binary_semaphore begun{0};
  std::binary_semaphore allowed{0};
  std::unique_ptr<Server> server;
  net::Raw peer{net::loopback};

  explicit Asked(std::size_t shards) {
    ServerOptions options;
    options.settings.domains = {"example.com"};
    options.settings.host = "lcs.example.com";
    options.settings.realm.fqdn = "lcs.example.com";
    options.listeners = {{Transport::tcp, net::loopback}};
    options.shards = shards;
    options.endpoint.connection_timer = connection_timer;
    options.network.close_timeout = 50ms;
    options.accept = [this](std::string_view) -> auth::AcceptResult {
      begun.release();
      allowed.acquire();
      return std::unexpected(auth::AcceptFailure{auth::AcceptFailure::Kind::wrong_key, "no"});
    };
    server = Server::start(std::move(options), store, [](const std::string&) {}).value();
    const timeval patience{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(peer.fd.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    REQUIRE(peer.connect(server->listeners().front().address));
    REQUIRE(peer.send(
        "REGISTER sip:example.com SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK1\r\n"
        "Max-Forwards: 70\r\nFrom: <sip:alice@example.com>;tag=1;epid=01\r\n"
        "To: <sip:alice@example.com>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\n"
        "Authorization: Kerberos qop=\"auth\", realm=\"SIP Communications Service\", "
        "targetname=\"sip/lcs.example.com\", gssapi-data=\"dG9rZW4=\", version=4\r\n"
        "Content-Length: 0\r\n\r\n"));
    begun.acquire();
  }
  std::string answer() {
    std::array<char, 4096> chunk{};
    const ssize_t size = ::recv(peer.fd.number(), chunk.data(), chunk.size(), 0);
    return {chunk.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
  }
};

}  // namespace

TEST_CASE("a drain waits for a token that is looked at, and its sender is answered") {
  for (const std::size_t shards : {1U, 2U}) {
    Asked asked(shards);
    std::future<bool> finished =
        std::async(std::launch::async, [&asked] { return asked.server->finish(20s); });
    // The connection timer ends meanwhile: nobody has authenticated there yet.
    CHECK(finished.wait_for(connection_timer + 300ms) == std::future_status::timeout);
    asked.allowed.release();
    CHECK(asked.answer().starts_with("SIP/2.0 401 "));
    CHECK(finished.get());
  }
}

TEST_CASE("a drain that ends before a token was looked at does not say that it has finished") {
  Asked asked(1);
  CHECK_FALSE(asked.server->finish(connection_timer + 300ms));
  asked.allowed.release();
}

}  // namespace kith::server
