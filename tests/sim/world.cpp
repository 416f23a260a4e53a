#include "tests/sim/world.h"

#include <array>
#include <cstdio>
#include <ranges>
#include <utility>

#include "kith/crypto/digest.h"

namespace kith::play {

namespace {

service::Settings settings() {
  service::Settings settings;
  settings.domains = {"example.com"};
  settings.host = "sip.example.com";
  settings.realm.fqdn = "sip.example.com";
  return settings;
}

}  // namespace

void Attacker::send(std::string bytes, std::size_t shard) {
  outbox_.push_back({sim::World::datagrams(address(), Server::address(shard)), std::move(bytes)});
}

void Attacker::receive(const Flow& flow, std::string_view bytes, Time now) {
  static_cast<void>(flow);
  static_cast<void>(now);
  const auto message = sip::Message::parse(std::string(bytes));
  if (message && message->status() != 0) answers_.push_back(message->status());
}

std::optional<ua::Output> Attacker::poll() {
  if (outbox_.empty()) return std::nullopt;
  ua::Send send = std::move(outbox_.front());
  outbox_.erase(outbox_.begin());
  return send;
}

World::World(std::uint64_t seed, Trace trace) : net_(seed), trace_(std::move(trace)) {
  Server::Trace server_trace;
  if (trace_) server_trace = [this](const std::string& line) { say("server: " + line); };
  server_ = std::make_unique<Server>(net_, settings(), std::move(server_trace));
  net_.add(attacker_, Attacker::address());
  server_->start();
}

void World::say(const std::string& line) const {
  if (!trace_) return;
  std::array<char, 32> time{};
  const auto since = (net_.now() - sim::World::beginning) / 1us;
  std::snprintf(time.data(), time.size(), "%12.6f ", static_cast<double>(since) / 1e6);
  trace_(time.data() + line);
}

void World::add_user(const std::string& user) {
  const service::Settings server = settings();
  store::Account account;
  account.aor = aor(user);
  account.principals = {user + "@EXAMPLE.COM"};
  account.digest_realm = server.realm.digest_realm;
  const std::string secret =
      account.aor.value + ":" + server.realm.digest_realm + ":secret of " + user;
  account.ha1_md5 = crypto::Secret(crypto::hex(crypto::md5(secret)));
  account.ha1_sha256 = crypto::Secret(crypto::hex(crypto::sha256(secret)));
  const std::vector<store::Batch> batches{{account.aor, {store::PutAccount{account}}}};
  server_->store().durable().commit(batches);
}

Device& World::add_device(const std::string& name, const Habits& habits) {
  const auto host = static_cast<std::uint8_t>(1 + devices_.size());
  auto device = std::make_unique<Device>(net_, name, Address::v4(198, 51, 100, host, 5060), habits);
  if (trace_) device->on_event([this, name](const std::string& line) { say(name + ": " + line); });
  return *devices_.emplace(name, std::move(device)).first->second;
}

const contacts::List& World::stored(const std::string& user) {
  return server_->store().durable().users().at(aor(user).value).list;
}

std::vector<std::string> World::violations() const {
  std::vector<std::string> all = server_->violations();
  for (const auto& [name, device] : devices_)
    all.insert(all.end(), device->violations().begin(), device->violations().end());
  return all;
}

std::string World::last_sent(const Device& device, std::string_view method) const {
  for (const sim::World::Sent& sent : std::views::reverse(net_.sent()))
    if (sent.from == device.address() && sent.bytes.starts_with(method)) return sent.bytes;
  return {};
}

}  // namespace kith::play
