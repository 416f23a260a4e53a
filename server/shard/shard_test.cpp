#include "server/shard/shard.h"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <string>
#include <vector>

#include "kith/auth/digest_client.h"
#include "kith/contacts/format/roaming.h"
#include "kith/net/test_peer.h"
#include "kith/sip/framer.h"
#include "kith/soap/envelope.h"
#include "kith/soap/operation/set_contact.h"
#include "server/shard/server.h"
#include "server/store/open.h"

namespace kith::server {
namespace {

constexpr std::string_view digest_realm = "example.com";
constexpr std::string_view contacts_package = "vnd-microsoft-roaming-contacts";

/// A database whose commits wait while it is held.
class HeldStore final : public store::Store {
 public:
  explicit HeldStore(std::unique_ptr<store::Store> store) : store_(std::move(store)) {}

  void hold() { held_ = true; }
  void let_go() {
    held_ = false;
    held_.notify_all();
  }

  std::expected<std::unique_ptr<store::Reader>, store::Trouble> reader() override {
    return store_->reader();
  }
  std::vector<store::CommitResult> commit(std::span<const store::Batch> batches) override {
    held_.wait(true);
    return store_->commit(batches);
  }
  store::Health health() const override { return store_->health(); }
  std::expected<store::Counts, store::Trouble> backup(const std::filesystem::path& file) override {
    return store_->backup(file);
  }

 private:
  std::unique_ptr<store::Store> store_;
  std::atomic<bool> held_ = false;
};

bool comes_true(const std::function<bool()>& what) {
  const auto end = std::chrono::steady_clock::now() + 20s;
  while (!what())
    if (std::chrono::steady_clock::now() > end) return false;
  return true;
}

/// A server on a port of its own, with its database in a folder of its own.
struct House {
  net::TestFolder folder;
  HeldStore store{store::open({.database = folder.file("kith.db"), .vfs = {}}).value()};
  std::unique_ptr<Server> server;

  explicit House(const std::vector<std::string>& users) {
    for (const std::string& user : users) add(user);
    ServerOptions options;
    options.settings.domains = {"example.com"};
    options.settings.host = "lcs.example.com";
    options.settings.realm.fqdn = "lcs.example.com";
    options.settings.realm.kerberos = false;
    options.settings.realm.digest_realm = digest_realm;
    options.listeners = {{Transport::tcp, net::loopback}};
    options.shards = 2;
    server = Server::start(std::move(options), store, [](const std::string&) {}).value();
  }

  void add(const std::string& user) {
    const std::string name = user + "@example.com";
    const crypto::Secret password(std::string("secret"));
    const store::Account account{
        .aor = sip::Aor{name},
        .display_name = user,
        .principals = {},
        .digest_realm = std::string(digest_realm),
        .ha1_md5 = auth::digest_ha1(auth::DigestAlgorithm::md5, name, digest_realm, password),
        .ha1_sha256 = auth::digest_ha1(auth::DigestAlgorithm::sha256, name, digest_realm, password),
        .enabled = true,
        .revision = 0};
    const std::array batch{
        store::Batch{.aor = sip::Aor{name}, .writes = {store::PutAccount{account}}}};
    REQUIRE(store.commit(batch).at(0).how == store::Commit::done);
  }

  ~House() { store.let_go(); }
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  Address address() const { return server->listeners().front().address; }
  std::uint64_t requests() const {
    std::uint64_t all = 0;
    for (const ShardStatistics& each : server->statistics()) all += each.service.requests;
    return all;
  }
};

/// A device on a connection of its own. What does not come within the timeout fails the test.
class Device {
 public:
  Device(const House& house, std::string user, std::uint64_t seed = 1)
      : user_(std::move(user)),
        random_(seed),
        digest_(user_ + "@example.com", crypto::Secret(std::string("secret"))),
        raw_(net::loopback) {
    const timeval patience{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(raw_.fd.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    REQUIRE(raw_.connect(house.address()));
  }

  /// A request with credentials, if there was a challenge.
  sip::Message request(std::string_view method) {
    sip::Message message = sip::Message::request(method, uri());
    message.add("Via", "SIP/2.0/TCP 192.0.2.21;branch=z9hG4bK" + random_.hex(8));
    message.add("Max-Forwards", "70");
    message.add("From", "<" + uri() + ">;tag=" + random_.hex(4));
    message.add("To", "<" + uri() + ">");
    message.add("Call-ID", random_.hex(8));
    message.add("CSeq", "1 " + std::string(method));
    message.add("Contact", "<sip:192.0.2.21;transport=tcp>");
    message.set_body({}, {});
    return message;
  }
  sip::Message subscription() {
    sip::Message message = request("SUBSCRIBE");
    message.add("Event", contacts_package);
    message.add("Accept", contacts::roaming::content_type);
    message.add("Supported", "com.microsoft.autoextend");
    message.add("Supported", "ms-benotify");
    message.add("Proxy-Require", "ms-benotify");
    message.add("Supported", "ms-piggyback-first-notify");
    return message;
  }
  sip::Message addition(const std::string& contact, std::uint32_t version) {
    sip::Message message = request("SERVICE");
    message.set_body(soap::content_type,
                     soap::envelope(soap::SetContact{.contact = {.uri = "sip:" + contact,
                                                                 .name = contact,
                                                                 .groups = {},
                                                                 .subscribed = true,
                                                                 .external_uri = {},
                                                                 .extension = {}},
                                                     .expected = contacts::Version{version}}));
    return message;
  }

  /// The status of the answer, after the challenge if there is one.
  int ask(sip::Message message) {
    digest_.authorize(message, random_);
    post(message);
    sip::Message answer = *read();
    if (answer.status() != 401) return answer.status();
    REQUIRE(digest_.challenged(message, auth::Challenges::of(answer)));
    message.set("CSeq", "2 " + std::string(message.method()));
    message.set("Via", "SIP/2.0/TCP 192.0.2.21;branch=z9hG4bK" + random_.hex(8));
    digest_.authorize(message, random_);
    post(message);
    answer = *read();
    return answer.status();
  }
  std::string authorized(sip::Message message) {
    digest_.authorize(message, random_);
    return message.write();
  }
  void post(const sip::Message& message) { REQUIRE(raw_.send(message.write())); }
  void post(std::string_view bytes) { REQUIRE(raw_.send(bytes)); }

  /// The next message; nothing when the server has closed.
  std::optional<sip::Message> read() {
    std::string chunk(16 * 1024, '\0');
    while (true) {
      if (const auto frame = framer_.next())
        return sip::Message::parse(frame->value().bytes).value();
      const ssize_t size = ::recv(raw_.fd.number(), chunk.data(), chunk.size(), 0);
      REQUIRE(size >= 0);
      if (size == 0) return std::nullopt;
      framer_.push(std::string_view(chunk).substr(0, static_cast<std::size_t>(size)));
    }
  }

 private:
  std::string uri() const { return "sip:" + user_ + "@example.com"; }

  std::string user_;
  SeededRandom random_;
  auth::DigestClient digest_;
  net::Raw raw_;
  sip::Framer framer_;
};

}  // namespace

TEST_CASE("what one device adds, the other one hears, on whichever shards they are") {
  House house({"alice"});
  for (int round = 0; round < 4; ++round) {
    Device first(house, "alice", 10 + static_cast<std::uint64_t>(round));
    Device second(house, "alice", 20 + static_cast<std::uint64_t>(round));
    for (Device* const device : {&first, &second}) {
      REQUIRE(device->ask(device->request("REGISTER")) == 200);
      REQUIRE(device->ask(device->subscription()) == 200);
    }
    const std::string contact = "bob" + std::to_string(round) + "@example.com";
    CHECK(first.ask(first.addition(contact, 1 + static_cast<std::uint32_t>(round))) == 200);
    const std::optional<sip::Message> told = second.read();
    REQUIRE(told);
    CHECK(told->method() == "BENOTIFY");
    const auto delta = contacts::roaming::parse_delta(told->body());
    REQUIRE(delta);
    CHECK(std::get<contacts::AddedContact>(delta->changes.at(0)).contact.uri == "sip:" + contact);
  }
  CHECK(house.server->finish(20s));
}

TEST_CASE("finish() under load answers everything that was accepted") {
  constexpr std::size_t devices_count = 8;
  constexpr std::size_t additions_each = 5;
  std::vector<std::string> users;
  for (std::size_t i = 0; i < devices_count; ++i) users.push_back("user" + std::to_string(i));
  House house(users);
  std::vector<std::unique_ptr<Device>> devices;
  for (const std::string& user : users) {
    devices.push_back(std::make_unique<Device>(house, user, devices.size()));
    REQUIRE(devices.back()->ask(devices.back()->request("REGISTER")) == 200);
  }
  house.store.hold();
  const std::uint64_t before = house.requests();
  for (const std::unique_ptr<Device>& device : devices) {
    std::string all;
    for (std::uint32_t i = 0; i < additions_each; ++i)
      all += device->authorized(device->addition("c" + std::to_string(i) + "@example.com", 1 + i));
    device->post(all);
  }
  REQUIRE(comes_true([&] { return house.requests() == before + devices_count * additions_each; }));
  std::future<bool> finished =
      std::async(std::launch::async, [&house] { return house.server->finish(20s); });
  CHECK(comes_true([&] { return !net::Raw(net::loopback).connect(house.address()); }));
  house.requests();  // the shards have had their turn since
  house.requests();
  house.store.let_go();
  for (const std::unique_ptr<Device>& device : devices) {
    std::size_t answered = 0;
    while (const std::optional<sip::Message> answer = device->read())
      if (answer->status() == 200) ++answered;
    CHECK(answered == additions_each);
  }
  devices.clear();
  CHECK(finished.get());
}

}  // namespace kith::server
