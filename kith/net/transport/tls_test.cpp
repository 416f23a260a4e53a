#include "kith/net/transport/tls.h"

#include <doctest/doctest.h>
#include <openssl/x509_vfy.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "kith/net/test_peer.h"

namespace kith::net {
namespace {

const std::string request = "REGISTER sip:example.com SIP/2.0\r\n\r\n";

TEST_CASE("TLS: garbage instead of a handshake ends that connection, with a reason") {
  Loopback world(Transport::tls);
  const Address address = world.listen(*world.server).value();
  Raw guest(loopback);
  REQUIRE(guest.connect(address));
  REQUIRE(guest.send(request));
  REQUIRE(world.until([&] { return !world.server->heard.failures.empty(); }));
  CHECK(world.server->heard.failures.at(0).why.category() == tls_category());
  CHECK(world.server->heard.failures.at(0).why.message() == "wrong version number");
  CHECK(world.server->net.counters().handshakes_failed == 1);
  CHECK(world.server->heard.opens.empty());
  CHECK(world.server->net.connections() == 0);
}

TEST_CASE("TLS: a server that answers with garbage") {
  Loopback world(Transport::tls);
  Party plain(world.reactor, {.shard = 3, .client_tls = nullptr, .limits = {}});
  world.echo(plain);
  const Address address = plain.net.listen(Transport::tcp, loopback).value();
  world.client->net.connect(Transport::tls, address, "localhost");
  REQUIRE(world.until([&] { return !world.client->heard.failures.empty(); }));
  CHECK(world.client->heard.failures.at(0).why.category() == tls_category());
}

TEST_CASE("TLS: a handshake that does not go on times out, on either side") {
  Loopback world(Transport::tls, {.handshake_timeout = 20ms}, {.handshake_timeout = 20ms});
  SUBCASE("the client is silent") {
    Raw guest(loopback);
    REQUIRE(guest.connect(world.listen(*world.server).value()));
    REQUIRE(world.until([&] { return !world.server->heard.failures.empty(); }));
    CHECK(world.server->heard.failures.at(0).why == std::errc::timed_out);
    CHECK(world.server->net.connections() == 0);
    CHECK(guest.ended());
  }
  SUBCASE("the server is silent") {
    Raw silent(loopback);
    REQUIRE(silent.bind(loopback));
    REQUIRE(::listen(silent.fd.number(), 1) == 0);
    world.client->net.connect(Transport::tls, local_address(silent.fd.number()), "localhost");
    REQUIRE(world.until([&] { return !world.client->heard.failures.empty(); }));
    CHECK(world.client->heard.failures.at(0).why == std::errc::timed_out);
  }
}

TEST_CASE("TLS: a client that leaves in the middle of the handshake") {
  Loopback world(Transport::tls);
  const Address address = world.listen(*world.server).value();
  {
    Raw guest(loopback);
    REQUIRE(guest.connect(address));
    REQUIRE(guest.send("\x16\x03\x01"));
  }
  REQUIRE(world.until([&] { return !world.server->heard.failures.empty(); }));
  CHECK(world.server->heard.failures.at(0).why == std::errc::connection_aborted);
}

TEST_CASE("TLS: the server must be who we asked for") {
  Loopback world(Transport::tls);
  const Address address = world.listen(*world.server).value();
  const auto refusal = [&](const std::string& name) -> std::error_code {
    const std::size_t failures = world.client->heard.failures.size();
    const std::size_t connects = world.client->heard.connects.size();
    world.client->net.connect(Transport::tls, address, name);
    REQUIRE(world.until([&] {
      return world.client->heard.failures.size() > failures ||
             world.client->heard.connects.size() > connects;
    }));
    if (world.client->heard.connects.size() > connects) return {};
    return world.client->heard.failures.back().why;
  };
  const auto reason = [](int code) { return std::error_code(code, certificate_category()); };
  CHECK(refusal("localhost") == std::error_code{});
  CHECK(refusal("127.0.0.1") == std::error_code{});
  CHECK(refusal("") == std::error_code{});  // the address that was connected to
  CHECK(refusal("example.com") == reason(X509_V_ERR_HOSTNAME_MISMATCH));
  CHECK(refusal("localhost.example.com") == reason(X509_V_ERR_HOSTNAME_MISMATCH));
  CHECK(refusal("127.0.0.2") == reason(X509_V_ERR_IP_ADDRESS_MISMATCH));
}

TEST_CASE("TLS: a certificate that nobody vouches for is not believed") {
  Loopback world(Transport::tls);
  TestTls stranger;
  const Address address =
      world.server->net.listen(Transport::tls, loopback, {.tls = &*stranger.server}).value();
  world.client->net.connect(Transport::tls, address, "localhost");
  REQUIRE(world.until([&] { return !world.client->heard.failures.empty(); }));
  CHECK(world.client->heard.failures.at(0).why.category() == certificate_category());
  CHECK(world.client->heard.connects.empty());
}

TEST_CASE("TLS: a new certificate is for new connections; a bad one changes nothing") {
  Loopback world(Transport::tls);
  world.echo(*world.server);
  const Address address = world.listen(*world.server).value();
  const auto old = world.join(address);
  REQUIRE(old.has_value());

  std::ofstream(world.tls.files.key) << "not a key";
  const auto failed = world.tls.server->reload();
  REQUIRE_FALSE(failed.has_value());
  CHECK(failed.error().file == world.tls.files.key);
  CHECK(world.join(address).has_value());

  write_test_certificate(world.tls.files);
  REQUIRE(world.tls.server->reload().has_value());
  world.client->net.send(old->client, "alive");
  CHECK(world.until([&] { return world.client->heard.bytes[old->client.id] == "alive"; }));

  world.client->net.connect(Transport::tls, address, "localhost");
  REQUIRE(world.until([&] { return !world.client->heard.failures.empty(); }));
  CHECK(world.client->heard.failures.at(0).why.category() == certificate_category());
  REQUIRE(world.tls.client->reload().has_value());
  CHECK(world.join(address).has_value());
}

}  // namespace
}  // namespace kith::net
