#include "tests/sim/soak.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "kith/base/overloaded.h"
#include "kith/soap/envelope.h"
#include "kith/soap/operation/add_group.h"
#include "kith/soap/operation/delete_contact.h"
#include "kith/soap/operation/delete_group.h"
#include "kith/soap/operation/modify_group.h"
#include "kith/soap/operation/set_contact.h"

namespace kith::play {

namespace {

constexpr int steps = 60;
constexpr int healing_rounds = 12;

/// What a device asked for, and how it ended.
struct Operation {
  std::string user;
  std::string tag;        // name of the contact or group it writes; unique
  std::string deletes;    // or what it takes away: a URI, or the number of a group
  std::size_t lives = 0;  // of the server, when it was sent
  bool repeats = false;   // it may have been done before the answer that came
  Fate fate = Fate::in_flight;
  bool claimed = false;  // a step on the disk was found to be this one
};

bool made_by(const contacts::Change& change, const Operation& operation) {
  return std::visit(
      Overloaded{
          [&](const contacts::AddedGroup& each) { return each.group.name == operation.tag; },
          [&](const contacts::ModifiedGroup& each) { return each.group.name == operation.tag; },
          [&](const contacts::AddedContact& each) { return each.contact.name == operation.tag; },
          [&](const contacts::ModifiedContact& each) { return each.contact.name == operation.tag; },
          [&](const contacts::DeletedGroup& each) {
            return operation.deletes == std::to_string(each.id.value);
          },
          [&](const contacts::DeletedContact& each) { return operation.deletes == each.uri; },
      },
      change);
}

bool made_by(const contacts::Delta& delta, const Operation& operation) {
  return std::ranges::any_of(
      delta.changes, [&](const contacts::Change& change) { return made_by(change, operation); });
}

class Soak {
 public:
  Soak(std::uint64_t seed, World::Trace trace) : world_(seed, std::move(trace)) {}

  Soaked run() {
    people();
    weather();
    for (int i = 0; i < steps; ++i) step();
    heal();
    compare();
    end();
    for (std::string& each : world_.violations()) fail(std::move(each));
    return std::move(result_);
  }

 private:
  std::uint64_t pick(std::uint64_t below) { return random_.below(below); }
  bool chance(unsigned percent) { return pick(100) < percent; }
  void fail(std::string what) {
    world_.say("FAILED " + what);
    result_.failures.push_back(std::move(what));
  }

  void people();
  void weather();
  void step();
  void move(Device& device);
  void act(Device& device);
  void trouble();
  void replay();
  bool operate(Device& device);
  void over(std::uint64_t operation, int status);
  bool claim(Operation& operation);
  void heal();
  bool is_settled(const Device& device) const;
  void compare();
  void account_for(const std::string& user);
  void end();

  World world_;
  SeededRandom random_{world_.random().next()};
  std::vector<std::string> users_;
  std::vector<Device*> devices_;
  std::map<std::uint64_t, Operation> operations_;
  std::map<std::string, std::vector<bool>> claimed_;  // steps on the disk whose maker is known
  std::uint64_t last_operation_ = 0;
  Soaked result_;
};

void Soak::people() {
  const std::uint64_t users = 2 + pick(3);
  for (std::uint64_t u = 0; u < users; ++u) {
    users_.push_back("user" + std::to_string(u));
    world_.add_user(users_.back());
    const std::uint64_t devices = 1 + pick(3);
    for (std::uint64_t d = 0; d < devices; ++d) {
      Habits habits{.user = users_.back()};
      habits.kerberos = chance(75);
      if (habits.kerberos || chance(50)) habits.epid = "ab" + std::to_string(d) + std::to_string(u);
      habits.transport = chance(70) ? Transport::tcp : Transport::udp;
      if (chance(40))
        habits.extensions = {
            .benotify = chance(50), .piggyback = chance(50), .autoextend = chance(50)};
      habits.shard = pick(shards);
      habits.inside_dialog = chance(30);
      habits.expires = 86400;
      habits.registers = 86400;
      Device& device = world_.add_device("u" + std::to_string(u) + "d" + std::to_string(d), habits);
      device.on_ended([this](std::uint64_t operation, int status) { over(operation, status); });
      devices_.push_back(&device);
    }
  }
}

void Soak::weather() {
  world_.net().set_link({.loss = static_cast<unsigned>(pick(15)),
                         .duplication = static_cast<unsigned>(pick(8)),
                         .delay = 1ms,
                         .jitter = 1ms * static_cast<Duration::rep>(pick(40)),
                         .piece_max = chance(30) ? 300U : 0U});
  store::Disk& disk = world_.server().store().disk();
  disk.commit_max = 1ms * static_cast<Duration::rep>(1 + pick(40));
  disk.load_max = 1ms * static_cast<Duration::rep>(pick(30));
  if (chance(40)) disk.refuse_per_mille = static_cast<unsigned>(pick(80));
  if (chance(30)) disk.load_fails_per_mille = static_cast<unsigned>(pick(80));
  if (chance(20)) disk.unknown_per_mille = static_cast<unsigned>(pick(15));
  world_.server().set_accept_delay(1ms * static_cast<Duration::rep>(pick(50)));
}

void Soak::step() {
  const Duration pause = chance(5) ? 1s * static_cast<Duration::rep>(1 + pick(30))
                                   : 1ms * static_cast<Duration::rep>(pick(200));
  world_.net().run_for(pause);
  if (chance(8)) trouble();
  for (std::uint64_t i = 1 + pick(3); i > 0; --i) act(*devices_.at(pick(devices_.size())));
  world_.net().drain();
}

void Soak::trouble() {
  Server& server = world_.server();
  store::Disk& disk = server.store().disk();
  switch (pick(5)) {
    case 0:
      if (server.is_up()) ++result_.crashes;
      server.crash();
      return;
    case 1:
      disk.full = !disk.full;
      return;
    case 2:  // a disk that takes longer than anybody's patience, for a while
      disk.commit_min = disk.commit_min == 1ms ? Duration{11s} : Duration{1ms};
      disk.commit_max = std::max(disk.commit_min, disk.commit_max);
      return;
    default:
      replay();
  }
}

/// What a device sent some time ago, once more: as a datagram to the other shard, where no
/// transaction remembers it.
void Soak::replay() {
  const std::vector<sim::World::Sent>& sent = world_.net().sent();
  if (sent.empty()) return;
  const std::size_t from = pick(sent.size());
  for (std::size_t i = from; i < std::min(sent.size(), from + 20); ++i) {
    const auto message = sip::Message::parse(sent[i].bytes);
    if (!message || !message->is_request() || !message->has("Authorization")) continue;
    const std::string line = "\r\nCSeq: " + std::string(message->text("CSeq"));
    const std::string call = std::string(message->text("Call-ID"));
    const bool taken = std::any_of(sent.begin() + static_cast<std::ptrdiff_t>(i), sent.end(),
                                   [&](const auto& each) {
                                     return each.bytes.starts_with("SIP/2.0 2") &&
                                            each.bytes.contains(call) && each.bytes.contains(line);
                                   });
    if (!taken) continue;  // whoever is first with it is no replay
    const bool first = sent[i].to == Server::address(0);
    world_.say("attacker repeats " + std::string(message->method()));
    world_.attacker().send(sent[i].bytes, first ? 1 : 0);
    return;
  }
}

/// What brings a device nearer to a list that it can trust; nothing for one that has it.
void Soak::move(Device& device) {
  if (!world_.server().is_up()) {
    if (chance(50)) world_.server().start();
    return;
  }
  if (device.awaits_answer()) return;
  if (!device.is_signed_in())
    device.sign_in(world_.now());
  else if (!device.is_subscribed())
    device.subscribe(world_.now());
  else if (device.is_out_of_step())
    device.refresh(world_.now());
}

void Soak::act(Device& device) {
  if (!is_settled(device)) {
    move(device);
    return;
  }
  const std::uint64_t what = pick(100);
  if (what < 5)
    device.disconnect(world_.now());
  else if (what < 8)
    device.sign_out(world_.now());
  else if (what < 11)
    device.unsubscribe(world_.now());
  else if (what < 15)
    device.refresh(world_.now());
  else
    operate(device);
}

bool Soak::operate(Device& device) {
  const contacts::List& list = *device.list();
  const std::uint64_t id = ++last_operation_;
  Operation operation{
      .user = device.habits().user, .tag = "op" + std::to_string(id), .deletes = {}};
  operation.lives = world_.server().lives();
  operation.repeats = !is_stream(device.habits().transport);
  const bool known = !list.contacts().empty() && chance(50);
  const std::string uri = known ? list.contacts().at(pick(list.contacts().size())).uri
                                : "sip:c" + std::to_string(pick(12)) + "@example.com";
  const contacts::GroupId group = chance(90)
                                      ? list.groups().at(pick(list.groups().size())).id
                                      : contacts::GroupId{static_cast<std::uint8_t>(1 + pick(4))};
  contacts::Version expected = list.version();
  if (chance(10) && expected.value > 1) --expected.value;  // late: perhaps behind by its own change
  std::string body;
  switch (pick(10)) {
    case 0:
      body = soap::envelope(soap::AddGroup{operation.tag, {}, expected});
      break;
    case 1:
      body = soap::envelope(soap::ModifyGroup{{group, operation.tag, {}}, expected});
      break;
    case 2:
      operation.tag.clear();
      operation.deletes = std::to_string(group.value);
      body = soap::envelope(soap::DeleteGroup{group, expected});
      break;
    case 3:
    case 4:
      operation.tag.clear();
      operation.deletes = uri;
      body = soap::envelope(soap::DeleteContact{uri, expected});
      break;
    default:
      body = soap::envelope(soap::SetContact{{.uri = uri,
                                              .name = operation.tag,
                                              .groups = {group},
                                              .external_uri = {},
                                              .extension = {}},
                                             expected});
  }
  operations_.emplace(id, std::move(operation));
  ++result_.operations;
  return device.operate(body, id, world_.now());
}

/// Nothing acknowledged is lost: when the 200 arrives, the step is on the disk.
void Soak::over(std::uint64_t id, int status) {
  Operation& operation = operations_.at(id);
  if (operation.fate != Fate::in_flight) {
    fail("an operation ended twice");
    return;
  }
  if (status == 200) {
    operation.fate = Fate::done;
    ++result_.acknowledged;
    if (!claim(operation)) fail("op" + std::to_string(id) + " is acknowledged and not on the disk");
  } else {
    // A datagram that is repeated to a server that started anew is no retransmission there.
    const bool twice = operation.repeats && operation.lives != world_.server().lives();
    operation.fate = status == 0 || status == 503 || twice ? Fate::unknown : Fate::refused;
  }
}

bool Soak::claim(Operation& operation) {
  const std::vector<contacts::Delta>& history = world_.server().history(World::aor(operation.user));
  std::vector<bool>& claimed = claimed_[operation.user];
  claimed.resize(history.size());
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (claimed[i] || !made_by(history[i], operation)) continue;
    claimed[i] = true;
    return true;
  }
  return false;
}

// ---- The end ------------------------------------------------------------------------------------

bool Soak::is_settled(const Device& device) const {
  return device.is_signed_in() && device.is_subscribed() && device.list() &&
         !device.is_out_of_step() && !device.awaits_answer();
}

/// All faults are over: everybody comes to rest.
void Soak::heal() {
  world_.say("the faults are over");
  Server& server = world_.server();
  server.start();
  server.store().disk() = {};
  world_.net().set_link({});
  world_.net().run_for(60s);
  if (!server.is_up()) server.start();
  for (Device* const device : devices_)  // a datagram may have been lost that nobody repeats
    if (!is_stream(device->habits().transport)) device->refresh(world_.now());
  const auto settled = [this](const Device* device) { return is_settled(*device); };
  for (int round = 0; round < healing_rounds && !std::ranges::all_of(devices_, settled); ++round) {
    for (Device* const device : devices_) move(*device);
    world_.net().drain();
    world_.net().run_for(20s);
  }
  for (const std::string& user : users_) {  // and one more step, which everybody must hear of
    for (Device* const device : devices_) {
      if (device->habits().user != user || !is_settled(*device)) continue;
      operate(*device);
      world_.net().run_for(5s);
      break;
    }
  }
  world_.net().run_for(40s);
}

void Soak::compare() {
  if (!world_.server().is_quiet()) fail("something is held for ever");
  for (Device* const device : devices_) {
    if (!is_settled(*device)) {
      fail(device->name() + " cannot come to rest");
      continue;
    }
    if (*device->list() != world_.stored(device->habits().user))
      fail(device->name() +
           " has another list than the disk: " + std::to_string(device->list()->version().value) +
           " and " + std::to_string(world_.stored(device->habits().user).version().value));
  }
  for (const std::string& user : users_) account_for(user);
  for (const int status : world_.attacker().answers())
    // 503: the user could not be read, so nobody looked at it.
    if (status != 401 && status != 503) fail("a replay was answered " + std::to_string(status));
}

/// The list is what was acknowledged and some of what was in flight, and nothing else.
void Soak::account_for(const std::string& user) {
  const auto view = world_.server().user(World::aor(user));
  if (view && view->list != world_.stored(user)) fail(user + "'s list in memory is not the disk's");
  const std::vector<contacts::Delta>& history = world_.server().history(World::aor(user));
  contacts::List list;
  for (const contacts::Delta& delta : history)
    if (!list.follow(delta)) fail(user + "'s steps do not follow one another");
  if (list != world_.stored(user)) fail(user + "'s list is not the sum of its steps");
  std::vector<bool>& claimed = claimed_[user];
  claimed.resize(history.size());
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (claimed[i]) continue;
    const auto maker = std::ranges::find_if(operations_, [&](const auto& entry) {
      const Operation& each = entry.second;
      return each.user == user && !each.claimed && made_by(history[i], each) &&
             (each.fate == Fate::unknown || each.fate == Fate::in_flight);
    });
    if (maker == operations_.end())
      fail(user + " has a step to " + std::to_string(history[i].to.value) +
           " that nobody asked for");
    else
      maker->second.claimed = true;
  }
}

/// Everybody leaves, and nothing stays.
void Soak::end() {
  world_.say("everybody leaves");
  for (Device* const device : devices_) {
    if (chance(50))
      device->sign_out(world_.now());
    else
      device->disconnect(world_.now());
  }
  world_.net().drain();
  world_.net().run_for(60s);
  for (Device* const device : devices_) device->disconnect(world_.now());
  world_.net().run_for(50h);
  const service::Statistics left = world_.server().statistics();
  const ua::Counts counts = world_.server().counts();
  if (left.users + left.devices + left.subscriptions + left.associations + left.held + left.flows !=
      0)
    fail("left: users " + std::to_string(left.users) + ", devices " + std::to_string(left.devices) +
         ", subscriptions " + std::to_string(left.subscriptions) + ", associations " +
         std::to_string(left.associations) + ", held " + std::to_string(left.held) + ", flows " +
         std::to_string(left.flows));
  if (counts != ua::Counts{})
    fail("left: " + std::to_string(counts.server_transactions) + " server transactions, " +
         std::to_string(counts.client_transactions) + " client transactions, " +
         std::to_string(counts.connections) + " connections");
}

}  // namespace

Soaked soak(std::uint64_t seed, World::Trace trace) { return Soak(seed, std::move(trace)).run(); }

}  // namespace kith::play
