#include "server/admin/setup.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace kith;
using namespace kith::admin;

namespace {

/// A configuration file in a folder of its own.
struct File {
  std::filesystem::path folder;
  std::filesystem::path path;

  explicit File(const std::string& text) {
    std::string pattern = (std::filesystem::temp_directory_path() / "kith-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    folder = pattern;
    path = folder / "kith.toml";
    std::ofstream(path) << text;
  }
  ~File() { std::filesystem::remove_all(folder); }
};

std::string problem(const std::string& text) {
  const auto setup = load(File(text).path);
  return setup ? std::string() : setup.error();
}

}  // namespace

TEST_CASE("a listening address is a transport, an IP address and a port") {
  struct Case {
    std::string text;
    Transport transport;
    std::string address;
  };
  const Case cases[]{{"tcp:192.0.2.1:5060", Transport::tcp, "192.0.2.1:5060"},
                     {"udp:[2001:db8::1]:0", Transport::udp, "[2001:db8::1]:0"},
                     {"tls:0.0.0.0:5061", Transport::tls, "0.0.0.0:5061"}};
  for (const Case& each : cases) {
    const auto listen = parse_listen(each.text);
    REQUIRE_MESSAGE(listen, each.text);
    CHECK(listen->transport == each.transport);
    CHECK(listen->address.text() == each.address);
    CHECK(listen->text() == each.text);
  }
}

TEST_CASE("another listening address is refused with the form that is right") {
  struct Case {
    std::string text;
    std::string named;
  };
  const Case cases[]{{"192.0.2.1:5060", "begins with none of udp:, tcp:, tls:"},
                     {"tcp:192.0.2.1", "no port"},
                     {"tcp:192.0.2.1:65536", "no port from 0 to 65535"},
                     {"tcp:192.0.2.1:+1", "no port from 0 to 65535"},
                     {"tcp:example.com:5060", "no IP address"},
                     {"tcp::5060", "no IP address"},
                     {"tcp:2001:db8::1:5060", "brackets"}};
  for (const Case& each : cases) {
    const auto listen = parse_listen(each.text);
    REQUIRE_MESSAGE(!listen, each.text);
    CHECK_MESSAGE(listen.error().contains(each.named), listen.error());
    CHECK(listen.error().contains("tcp:192.0.2.1:5060"));
  }
}

TEST_CASE("what is left to the machine is filled in, relative paths begin at the file") {
  const File file("[server]\ndomains = [\"example.com\"]\n[storage]\ndatabase = \"data/k.db\"\n");
  const auto setup = load(file.path);
  REQUIRE(setup);
  CHECK_FALSE(setup->config.server.host.empty());
  CHECK(setup->config.auth.digest_realm == "example.com");
  CHECK(setup->config.storage.database == (file.folder / "data/k.db").string());
  CHECK(setup->config.admin.socket == "/run/kith/admin.sock");
  CHECK(setup->listen.size() == 2);
}

TEST_CASE("the service's principal names the host where nothing else does") {
  const File file(
      "[server]\ndomains = [\"example.com\"]\n"
      "[auth]\nprincipal = \"sip/LCS.example.com@EXAMPLE.COM\"\n");
  const auto setup = load(file.path);
  REQUIRE(setup);
  CHECK(setup->config.server.host == "lcs.example.com");
  CHECK(host_of("host/lcs.example.com").empty());
}

TEST_CASE("clients are asked for certificates as tls.client_certificates says") {
  using enum net::TlsClients::Certificate;
  config::TlsSection tls;
  tls.client_authorities = "/ca.pem";
  for (const auto& [text, asked] : {std::pair{"off", unasked}, std::pair{"asked", requested},
                                    std::pair{"required", required}}) {
    tls.client_certificates = text;
    CHECK(tls_clients(tls).certificate == asked);
    CHECK(tls_clients(tls).trust.authorities == "/ca.pem");
  }
}

TEST_CASE("every problem of a configuration is named at once") {
  const std::string said = problem(
      "[server]\ndomains = [\"example.com\"]\nlisten = [\"tcp:1\", \"sctp:0.0.0.0:1\", "
      "\"tls:0.0.0.0:1\"]\n");
  CHECK(said.contains("tcp:1: \"1\" has no port"));
  CHECK(said.contains("begins with none"));
  CHECK(said.contains("needs tls.certificate"));
  CHECK(problem("[server]\ndomains = [\"example.com\"]\nlisten = []\n").contains("at least one"));
  CHECK(problem("[server]\ndomain = \"a\"\n").contains("did you mean server.domains?"));
}
