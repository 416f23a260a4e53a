// The server on a disk whose sync takes as long as asked: kithd's store over the VFS of the tests.
// Prints "port N" when it listens; ends with the input, after a line about commits and syncs.

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>

#include "server/log/log.h"
#include "server/shard/server.h"
#include "server/store/open.h"
#include "server/store/testing/lossy_vfs.h"

namespace {

using namespace kith;

server::ServerOptions options(const std::string& domain) {
  server::ServerOptions options;
  options.settings.domains = {domain};
  options.settings.host = "localhost";
  options.settings.realm.fqdn = "localhost";
  options.settings.realm.kerberos = false;
  options.settings.realm.digest_realm = domain;
  options.listeners = {{Transport::tcp, Address::v4(127, 0, 0, 1, 0)}};
  options.shards = 2;
  return options;
}

int serve(const std::string& database, int delay_ms, const std::string& domain) {
  store::testing::LossyVfs vfs("slow");
  vfs.set_sync_delay(std::chrono::milliseconds(delay_ms));
  const auto store = store::open({.database = database, .vfs = vfs.name()});
  if (!store) {
    std::cerr << "slow_disk_server: " << store.error().sentence << '\n';
    return 1;
  }
  const auto halt = [](const std::string& why) {
    std::cerr << "slow_disk_server: " << why << '\n';
    std::_Exit(1);
  };
  const auto server = server::Server::start(options(domain), **store, halt);
  if (!server) {
    std::cerr << "slow_disk_server: " << server.error() << '\n';
    return 1;
  }
  std::cout << "port " << (*server)->listeners().front().address.port << std::endl;
  // A line asks how far it is, the end of the input ends it.
  for (std::string line; std::getline(std::cin, line);) {
    const store::Writer::Statistics writer = (*server)->writer_statistics();
    std::cout << "{\"commits\": " << writer.commits << ", \"batches\": " << writer.batches
              << ", \"syncs\": " << vfs.counts().syncs << "}" << std::endl;
  }
  return (*server)->finish(10s) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"The server on a disk that is as slow as asked.", "slow_disk_server"};
  std::string database;
  std::string domain = "example.com";
  int delay_ms = 2;
  app.add_option("database", database, "file")->required();
  app.add_option("--delay-ms", delay_ms, "how long a sync takes");
  app.add_option("--domain", domain, "that is served");
  CLI11_PARSE(app, argc, argv);
  log::open(log::Format::logfmt, log::Level::warning);
  return serve(database, delay_ms, domain);
}
