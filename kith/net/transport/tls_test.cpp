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

/// A certificate in files, and whom it makes one to believe.
struct Shown {
  TestFolder folder;
  TlsFiles files{.certificate = folder.file("certificate.pem"), .key = folder.file("key.pem")};

  explicit Shown(const TestNames& names = {}) { write_test_certificate(files, names); }
  TlsTrust trust() const { return {.authorities = files.certificate}; }
};

std::error_code judged(int code) { return {code, certificate_category()}; }

TEST_CASE("RFC 5922 §7.3: a server that is not the domain that was asked for is left at once") {
  constexpr const char* sip_purpose = "1.3.6.1.5.5.7.3.20";
  const struct {
    const char* what;
    TestNames names;
    std::string asked;
    std::error_code refused;
  } rows[] = {
      {"its sip URI", {"", "URI:sip:example.com", ""}, "example.com", {}},
      {"its DNS name, in any case", {"", "DNS:example.com", ""}, "Example.COM", {}},
      {"its common name, without any other", {"example.com", "", ""}, "example.com", {}},
      {"its address", {"", "IP:127.0.0.1", ""}, "127.0.0.1", {}},
      {"one of several", {"", "URI:sip:a.example,URI:sip:b.example", ""}, "b.example", {}},
      {"dashes and all", {"", "DNS:sip-1.my-example.com", ""}, "sip-1.my-example.com", {}},
      {"for SIP alone", {"", "DNS:example.com", sip_purpose}, "example.com", {}},
      {"for servers", {"", "DNS:example.com", "serverAuth"}, "example.com", {}},
      {"no wildcards",
       {"", "DNS:*.example.com", ""},
       "sip.example.com",
       judged(X509_V_ERR_HOSTNAME_MISMATCH)},
      {"no suffixes",
       {"", "DNS:example.com", ""},
       "sip.example.com",
       judged(X509_V_ERR_HOSTNAME_MISMATCH)},
      {"no name that lacks its dash",
       {"", "DNS:sip-1.my-example.com", ""},
       "sip-1.myexample.com",
       judged(X509_V_ERR_HOSTNAME_MISMATCH)},
      {"no DNS name beside a sip URI",
       {"", "URI:sip:a.example,DNS:b.example", ""},
       "b.example",
       judged(X509_V_ERR_HOSTNAME_MISMATCH)},
      {"no common name beside another",
       {"example.com", "DNS:other.example", ""},
       "example.com",
       judged(X509_V_ERR_HOSTNAME_MISMATCH)},
      {"nobody's user",
       {"", "URI:sip:alice@example.com", ""},
       "example.com",
       judged(X509_V_ERR_HOSTNAME_MISMATCH)},
      {"no name",
       {"", "email:alice@example.com", ""},
       "example.com",
       judged(X509_V_ERR_HOSTNAME_MISMATCH)},
      {"another address",
       {"", "IP:127.0.0.2", ""},
       "127.0.0.1",
       judged(X509_V_ERR_IP_ADDRESS_MISMATCH)},
      {"for SIP, but another",
       {"", "DNS:other.example", sip_purpose},
       "example.com",
       judged(X509_V_ERR_HOSTNAME_MISMATCH)},
      {"for programs",
       {"", "DNS:example.com", "codeSigning"},
       "example.com",
       judged(X509_V_ERR_INVALID_PURPOSE)},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    Loopback world(Transport::tls);
    const Shown shown(row.names);
    world.tls.server = std::move(TlsContext::server(shown.files).value());
    world.tls.client = std::move(TlsContext::client(shown.trust()).value());
    const Address address = world.listen(*world.server).value();
    world.client->net.connect(Transport::tls, address, row.asked);
    REQUIRE(world.until([&] {
      return !world.client->heard.connects.empty() || !world.client->heard.failures.empty();
    }));
    if (!row.refused) {
      CHECK(world.client->heard.connects.size() == 1);
      continue;
    }
    REQUIRE(world.client->heard.failures.size() == 1);
    CHECK(world.client->heard.failures.at(0).why == row.refused);
    REQUIRE(world.until([&] { return !world.server->heard.failures.empty(); }));
    CHECK(world.server->heard.failures.at(0).why.category() == tls_category());  // it was told
  }
}

TEST_CASE("RFC 5922 §7.8: the client says which domain it asks for, but no address") {
  for (const std::string name : {"sip.example.com", "127.0.0.1", ""}) {
    CAPTURE(name);
    Loopback world(Transport::tls);
    Raw listening(loopback);
    REQUIRE(listening.bind(loopback));
    REQUIRE(::listen(listening.fd.number(), 1) == 0);
    world.client->net.connect(Transport::tls, local_address(listening.fd.number()), name);
    Raw server(loopback);
    server.fd = Fd();
    std::string hello;
    REQUIRE(world.until([&] {
      world.reactor.post([] {});
      if (!server.fd)
        server.fd = Fd(::accept4(listening.fd.number(), nullptr, nullptr, SOCK_NONBLOCK));
      else
        hello += server.take();
      return !hello.empty();
    }));
    CHECK(hello.contains("sip.example.com") == name.starts_with("sip"));
    CHECK_FALSE(hello.contains("127.0.0.1"));
  }
}

TEST_CASE("RFC 5922 §7.4: a server asks for certificates, or requires them, or does not") {
  using enum TlsClients::Certificate;
  enum class Shows : std::uint8_t { nothing, known, stranger, other_purpose };
  using Domains = std::vector<std::string>;
  const struct {
    TlsClients::Certificate asks;
    Shows shows;
    bool let_in;
    Domains domains;
  } rows[] = {
      {unasked, Shows::nothing, true, {}},
      {unasked, Shows::known, true, {}},
      {unasked, Shows::stranger, true, {}},
      {requested, Shows::nothing, true, {}},
      {requested, Shows::known, true, {"a.example"}},
      {requested, Shows::stranger, false, {}},
      {required, Shows::nothing, false, {}},
      {required, Shows::known, true, {"a.example"}},
      {required, Shows::stranger, false, {}},
      {required, Shows::other_purpose, false, {}},
  };
  const Shown known({"", "URI:sip:a.example,DNS:host.a.example", "1.3.6.1.5.5.7.3.20"});
  const Shown stranger({"", "URI:sip:a.example", ""});
  const Shown other({"", "URI:sip:a.example", "codeSigning"});
  for (const auto& row : rows) {
    CAPTURE(static_cast<int>(row.asks));
    CAPTURE(static_cast<int>(row.shows));
    Loopback world(Transport::tls);
    const Shown& trusted = row.shows == Shows::other_purpose ? other : known;
    world.tls.server = std::move(
        TlsContext::server(world.tls.files, {.certificate = row.asks, .trust = trusted.trust()})
            .value());
    std::optional<TlsFiles> own;
    if (row.shows == Shows::known) own = known.files;
    if (row.shows == Shows::stranger) own = stranger.files;
    if (row.shows == Shows::other_purpose) own = other.files;
    world.tls.client =
        std::move(TlsContext::client({.authorities = world.tls.files.certificate}, own).value());
    const Address address = world.listen(*world.server).value();
    world.client->net.connect(Transport::tls, address, "localhost");
    Recorder& server = world.server->heard;
    Recorder& client = world.client->heard;
    REQUIRE(world.until([&] { return server.opens.size() + server.failures.size() == 1; }));
    CHECK(server.opens.size() == (row.let_in ? 1 : 0));
    if (row.let_in) {
      CHECK(world.server->net.sip_domains(server.opens.at(0).id) == row.domains);
    } else {
      CHECK(server.failures.at(0).why);
      // With TLS 1.3 the client is done before the server has seen its certificate.
      REQUIRE(world.until([&] { return client.failures.size() + client.closes.size() == 1; }));
    }
  }
}

TEST_CASE("TLS: on both sides certificates are replaced without touching what is open") {
  Loopback world(Transport::tls);
  world.echo(*world.server);
  const Shown own({"", "URI:sip:a.example", ""});
  world.tls.server = std::move(
      TlsContext::server(world.tls.files, {TlsClients::Certificate::required, own.trust()})
          .value());
  world.tls.client = std::move(
      TlsContext::client({.authorities = world.tls.files.certificate}, own.files).value());
  const Address address = world.listen(*world.server).value();
  const auto old = world.join(address);
  REQUIRE(old.has_value());
  write_test_certificate(own.files, {"", "URI:sip:b.example", ""});
  REQUIRE(world.tls.client->reload().has_value());
  world.client->net.connect(Transport::tls, address, "localhost");
  REQUIRE(world.until([&] { return world.server->heard.failures.size() == 1; }));
  REQUIRE(world.tls.server->reload().has_value());  // reads anew whom to believe, too
  const auto young = world.join(address);
  REQUIRE(young.has_value());
  CHECK(world.server->net.sip_domains(young->server.id) == std::vector<std::string>{"b.example"});
  CHECK(world.server->net.sip_domains(old->server.id) == std::vector<std::string>{"a.example"});
  world.client->net.send(old->client, "alive");
  CHECK(world.until([&] { return world.client->heard.bytes[old->client.id] == "alive"; }));
}

TEST_CASE("RFC 5923 §8.2: only who has proved a domain may have our requests by an alias") {
  Loopback world(Transport::tls);
  const Shown own({"", "URI:sip:a.example", ""});
  world.tls.server = std::move(
      TlsContext::server(world.tls.files, {TlsClients::Certificate::requested, own.trust()})
          .value());
  const Address address = world.listen(*world.server).value();
  const auto nobody = world.join(address);
  REQUIRE(nobody.has_value());
  CHECK_FALSE(world.server->net.alias(nobody->server.id, 5061));  // without a certificate
  CHECK_FALSE(world.client->net.alias(nobody->client.id, 5061));  // we made it ourselves
  CHECK_FALSE(world.server->net.alias(12345, 5061));

  world.tls.client = std::move(
      TlsContext::client({.authorities = world.tls.files.certificate}, own.files).value());
  const auto peer = world.join(address);
  REQUIRE(peer.has_value());
  Address there = peer->server.remote;
  const auto found = [&](std::uint16_t port, std::string_view domain) {
    there.port = port;
    return world.server->net.find(Transport::tls, there, domain);
  };
  CHECK_FALSE(found(5061, "a.example").has_value());  // it has not offered yet
  REQUIRE(world.server->net.alias(peer->server.id, 5061));
  CHECK(found(5061, "a.example") == peer->server);
  CHECK_FALSE(found(5062, "a.example").has_value());
  CHECK_FALSE(found(5061, "b.example").has_value());  // RFC 5923 §9.3: another domain of that host
  CHECK_FALSE(found(5061, "").has_value());
  REQUIRE(world.server->net.alias(peer->server.id, 5062));
  CHECK_FALSE(found(5061, "a.example").has_value());
  CHECK(found(5062, "a.example") == peer->server);
  world.server->net.send(*found(5062, "a.example"), "OPTIONS");
  REQUIRE(world.until([&] { return world.client->heard.bytes[peer->client.id] == "OPTIONS"; }));
  world.client->net.close(peer->client.id);
  REQUIRE(world.until([&] { return !world.server->heard.closes.empty(); }));
  CHECK_FALSE(found(5062, "a.example").has_value());
}

}  // namespace
}  // namespace kith::net
