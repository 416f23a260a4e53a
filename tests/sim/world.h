#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kith/sim/world.h"
#include "tests/sim/device.h"
#include "tests/sim/server.h"

namespace kith::play {

/// Somebody who can read and repeat what others sent, and has no keys.
class Attacker final : public sim::Node {
 public:
  /// As a datagram to a shard.
  void send(std::string bytes, std::size_t shard);
  /// The statuses that came back, in order.
  const std::vector<int>& answers() const { return answers_; }

  static Address address() { return Address::v4(203, 0, 113, 66, 5060); }

  void opened(const Flow&, Time) override {}
  void receive(const Flow& flow, std::string_view bytes, Time now) override;
  void closed(const Flow&, std::error_code, Time) override {}
  void tick(Time) override {}
  Time next_deadline() const override { return never; }
  std::optional<ua::Output> poll() override;
  void hear(ua::Notice, Time) override {}

 private:
  std::vector<ua::Send> outbox_;
  std::vector<int> answers_;
};

/// A server, its disk, devices and what is between them, from one seed.
class World {
 public:
  /// Told each thing that happens, with its time; none: nothing is put into words.
  using Trace = std::function<void(const std::string& line)>;

  World(std::uint64_t seed, Trace trace);

  sim::World& net() { return net_; }
  Server& server() { return *server_; }
  Attacker& attacker() { return attacker_; }
  Time now() const { return net_.now(); }
  SeededRandom& random() { return net_.random(); }

  /// An account on the disk: USER@example.com, with Kerberos and Digest.
  void add_user(const std::string& user);
  Device& add_device(const std::string& name, const Habits& habits);
  std::map<std::string, std::unique_ptr<Device>>& devices() { return devices_; }

  static sip::Aor aor(const std::string& user) { return {user + "@example.com"}; }
  /// As the disk has it.
  const contacts::List& stored(const std::string& user);
  /// What no fault explains, of server and devices.
  std::vector<std::string> violations() const;
  /// The last message of that method that a device sent; empty: none.
  std::string last_sent(const Device& device, std::string_view method) const;
  void say(const std::string& line) const;

 private:
  sim::World net_;
  Trace trace_;
  std::unique_ptr<Server> server_;
  Attacker attacker_;
  std::map<std::string, std::unique_ptr<Device>> devices_;
};

}  // namespace kith::play
