#include "tests/sim/scenario.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <map>
#include <stdexcept>
#include <vector>

#include "kith/soap/envelope.h"
#include "kith/soap/operation/add_group.h"
#include "kith/soap/operation/delete_contact.h"
#include "kith/soap/operation/delete_group.h"
#include "kith/soap/operation/modify_group.h"
#include "kith/soap/operation/set_contact.h"
#include "tests/sim/world.h"

namespace kith::play {

namespace {

using Words = std::vector<std::string>;

/// How long a device waits for what it must receive.
constexpr Duration patience = 40s;

struct Failed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Words between blanks; what stands in quotes is one.
Words split(std::string_view line) {
  Words words;
  std::size_t at = 0;
  while (at < line.size()) {
    if (line[at] == ' ') {
      ++at;
      continue;
    }
    const bool quoted = line[at] == '"';
    const std::size_t begin = quoted ? at + 1 : at;
    const std::size_t end = std::min(line.find(quoted ? '"' : ' ', begin), line.size());
    words.emplace_back(line.substr(begin, end - begin));
    at = end + (quoted ? 1 : 0);
  }
  return words;
}

std::uint64_t number(const std::string& word) {
  std::uint64_t value = 0;
  const auto read = std::from_chars(word.data(), word.data() + word.size(), value);
  if (word.empty() || read.ptr != word.data() + word.size()) throw Failed("no number: " + word);
  return value;
}

Duration duration(const std::string& word) {
  const std::size_t unit = std::min(word.find_first_not_of("0123456789"), word.size());
  const auto count = static_cast<Duration::rep>(number(word.substr(0, unit)));
  const std::string name = word.substr(unit);
  if (name == "ms") return 1ms * count;
  if (name == "s") return 1s * count;
  if (name == "h") return 1h * count;
  throw Failed("no time: " + word);
}

/// All the words, in this order, others may stand between.
bool matches(std::string_view event, const Words& pattern) {
  const Words words = split(event);
  auto at = words.begin();
  for (const std::string& each : pattern) {
    at = std::find(at, words.end(), each);
    if (at == words.end()) return false;
    ++at;
  }
  return true;
}

class Play {
 public:
  std::optional<std::string> run(std::string_view text) {
    std::size_t number = 0;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      const std::string_view line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      ++number;
      const Words words = split(line);
      if (words.empty() || words.front().starts_with("#")) continue;
      world_.say("> " + std::string(line));
      try {
        perform(words);
        world_.net().drain();
        for (const std::string& each : world_.violations()) throw Failed(each);
      } catch (const std::out_of_range&) {
        return report(number, line, "there are words missing");
      } catch (const Failed& failed) {
        return report(number, line, failed.what());
      }
    }
    return std::nullopt;
  }

 private:
  struct Actor {
    Habits habits;
    Device* device = nullptr;
    std::deque<std::string> heard;
  };

  std::string report(std::size_t number, std::string_view line, const std::string& why) const {
    std::string text = std::to_string(number) + ": " + std::string(line) + "\n  " + why + "\n";
    for (const std::string& each : trace_) text += "    " + each + "\n";
    return text;
  }

  void perform(const Words& words) {
    const std::string& who = words.at(0);
    const Words rest(words.begin() + 1, words.end());
    if (who == "the") return circumstances(rest);
    if (who == "links") return links(rest);
    if (who == "attacker") return attack(rest);
    if (who == "nothing") return nothing_is_left();
    if (rest.size() == 1 && rest[0] == "pass") return world_.net().run_for(duration(who));
    if (rest.size() > 1 && rest[0] == "has" && rest[1] == "devices") return people(who, rest);
    if (!actors_.contains(who)) throw Failed("nobody of that name: " + who);
    Actor& actor = actors_.at(who);
    if (character(actor, rest)) return;
    if (expectation(actor, rest)) return;
    act(device(who), rest);
  }

  Device& device(const std::string& name) {
    Actor& actor = actors_.at(name);
    if (actor.device == nullptr) {
      actor.device = &world_.add_device(name, actor.habits);
      actor.device->on_event([this, &actor, name](const std::string& line) {
        world_.say(name + ": " + line);
        if (!line.starts_with("sends ")) actor.heard.push_back(line);
      });
    }
    return *actor.device;
  }

  void people(const std::string& user, const Words& words) {
    world_.add_user(user);
    for (std::size_t i = 2; i < words.size(); ++i) {
      Actor& actor = actors_[words[i]];
      actor.habits.user = user;
      actor.habits.epid = "0123" + std::to_string(10 + actors_.size());
    }
  }

  /// What a device is, before it does anything.
  static bool character(Actor& actor, const Words& words) {
    Habits& habits = actor.device != nullptr ? actor.device->habits() : actor.habits;
    const std::string& verb = words.at(0);
    if (verb == "speaks") {
      habits.transport = words.at(1) == "udp" ? Transport::udp : Transport::tcp;
    } else if (verb == "uses") {
      habits.kerberos = words.at(1) == "kerberos";
    } else if (verb == "has" && words.at(1) == "no" && words.at(2) == "epid") {
      habits.epid.clear();
    } else if (verb == "supports") {
      const auto has = [&](std::string_view tag) {
        return std::ranges::find(words, tag) != words.end();
      };
      habits.extensions = {.benotify = has("benotify"),
                           .piggyback = has("piggyback"),
                           .autoextend = has("autoextend")};
    } else if (verb == "asks") {
      habits.expires = static_cast<std::uint32_t>(duration(words.at(2)) / 1s);
    } else if (verb == "operates") {
      habits.inside_dialog = words.at(1) == "inside";
    } else if (verb == "reaches") {
      habits.shard = number(words.at(2)) % shards;
    } else if (verb == "counts") {
      habits.call_id = words.at(1);
    } else if (verb == "holds") {  // holds a ticket for 1h
      const Time ends = sim::World::beginning + duration(words.at(4));
      if (actor.device == nullptr)
        habits.ticket_ends = ends;
      else
        actor.device->take_ticket(ends);
    } else {
      return false;
    }
    return true;
  }

  void act(Device& device, const Words& words) {
    const std::string& verb = words.at(0);
    const Time now = world_.now();
    if (verb == "signs")
      words.at(1) == "in" ? device.sign_in(now) : device.sign_out(now);
    else if (verb == "subscribes")
      device.subscribe(now);
    else if (verb == "refreshes")
      device.refresh(now);
    else if (verb == "unsubscribes")
      device.unsubscribe(now);
    else if (verb == "fetches")
      device.fetch(now);
    else if (verb == "disconnects")
      device.disconnect(now);
    else
      device.operate(operation(device, words), ++last_operation_, now);
  }

  /// VERB OBJECT … [named NAME] [in GROUP…] [believing VERSION]
  static std::string operation(const Device& device, const Words& words) {
    contacts::Version expected = device.list() ? device.list()->version() : contacts::Version{1};
    std::string name;
    std::vector<contacts::GroupId> groups;
    std::string place;
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (words[i] == "named" || words[i] == "in" || words[i] == "believing")
        place = words[i];
      else if (place == "named")
        name = words[i];
      else if (place == "in")
        groups.push_back({static_cast<std::uint8_t>(number(words[i]))});
      else if (place == "believing")
        expected = {static_cast<std::uint32_t>(number(words[i]))};
    }
    const std::string verb = words.at(0) + (words.at(1) == "group" ? " group" : "");
    const auto group = [&] {
      return contacts::GroupId{static_cast<std::uint8_t>(number(words.at(2)))};
    };
    if (verb == "adds" || verb == "sets")
      return soap::envelope(soap::SetContact{
          {.uri = words.at(1), .name = name, .groups = groups, .external_uri = {}, .extension = {}},
          expected});
    if (verb == "deletes") return soap::envelope(soap::DeleteContact{words.at(1), expected});
    if (verb == "adds group") return soap::envelope(soap::AddGroup{name, {}, expected});
    if (verb == "renames group")
      return soap::envelope(soap::ModifyGroup{{group(), name, {}}, expected});
    if (verb == "deletes group") return soap::envelope(soap::DeleteGroup{group(), expected});
    throw Failed("nobody can do that: " + verb);
  }

  // ---- What must be so ----

  bool expectation(Actor& actor, const Words& words) {
    const std::string& verb = words.at(0);
    if (verb == "receives") {
      if (words.at(1) == "nothing")
        receives_nothing(actor, words);
      else
        receives(actor, {words.begin() + 1, words.end()});
      return true;
    }
    if (verb != "has") return false;
    if (actor.device == nullptr || !actor.device->list()) throw Failed("it has no list");
    check(*actor.device->list(), {words.begin() + 1, words.end()});
    return true;
  }

  void receives(Actor& actor, const Words& pattern) {
    const Time end = world_.now() + patience;
    while (true) {
      while (!actor.heard.empty()) {
        const std::string event = std::move(actor.heard.front());
        actor.heard.pop_front();
        if (matches(event, pattern)) return;
      }
      if (world_.now() >= end) throw Failed("it does not receive that");
      world_.net().run_for(1ms);
    }
  }

  void receives_nothing(Actor& actor, const Words& words) {
    if (words.size() > 3) world_.net().run_for(duration(words.at(3)));
    if (!actor.heard.empty()) throw Failed("it receives " + actor.heard.front());
  }

  static void check(const contacts::List& list, const Words& words) {
    const std::string& what = words.at(0);
    if (what == "version") {
      if (list.version().value != number(words.at(1)))
        throw Failed("the version is " + std::to_string(list.version().value));
    } else if (what == "no") {
      const bool there =
          words.at(1) == "contact"
              ? list.contact(words.at(2)) != nullptr
              : list.group({static_cast<std::uint8_t>(number(words.at(2)))}) != nullptr;
      if (there) throw Failed("it is there");
    } else if (what == "contact") {
      check_contact(list, words);
    } else if (what == "group") {
      const auto* const group = list.group({static_cast<std::uint8_t>(number(words.at(1)))});
      if (group == nullptr) throw Failed("there is no such group");
      if (words.size() > 3 && group->name != words.at(3))
        throw Failed("its name is " + group->name);
    } else {
      throw Failed("nobody knows what that is: " + what);
    }
  }

  static void check_contact(const contacts::List& list, const Words& words) {
    const contacts::Contact* const contact = list.contact(words.at(1));
    if (contact == nullptr) throw Failed("there is no such contact");
    std::size_t groups = words.size();
    for (std::size_t i = 2; i + 1 < words.size() && groups == words.size(); ++i) {
      if (words[i] == "named" && contact->name != words[i + 1])
        throw Failed("its name is " + contact->name);
      if (words[i] == "in") groups = i + 1;
    }
    std::vector<contacts::GroupId> expected;
    for (std::size_t i = groups; i < words.size(); ++i)
      expected.push_back({static_cast<std::uint8_t>(number(words[i]))});
    if (!expected.empty() && contact->groups != expected) throw Failed("it is in other groups");
  }

  // ---- The world ----

  void circumstances(const Words& words) {
    const std::string& what = words.at(0);
    if (what == "store") return disk({words.begin() + 1, words.end()});
    if (what == "connection") return actors_.at(words.at(2)).device->disconnect(world_.now());
    if (what == "list") return check(world_.stored(words.at(2)), {words.begin() + 4, words.end()});
    if (what != "server") throw Failed("nobody knows the " + what);
    const std::string& does = words.at(1);
    if (does == "crashes")
      world_.server().crash();
    else if (does == "starts")
      world_.server().start();
    else if (does == "halts") {
      world_.net().run_for(1s);
      if (world_.server().is_up() || world_.server().halts() == 0) throw Failed("it does not");
    } else
      throw Failed("a server does not do that: " + does);
  }

  void disk(const Words& words) {
    store::Disk& disk = world_.server().store().disk();
    const std::string& does = words.at(0);
    if (does == "works")
      disk = {};
    else if (does == "refuses")
      disk.refuse_per_mille = 1000;
    else if (does == "fills")
      disk.full = true;
    else if (does == "takes")
      disk.commit_min = disk.commit_max = duration(words.at(1));
    else if (does == "loses")
      disk.unknown_per_mille = 1000;  // loses its tongue
    else if (does == "reads")
      disk.load_fails_per_mille = words.at(1) == "nothing" ? 1000 : 0;
    else
      throw Failed("a store does not do that: " + does);
  }

  /// links lose 20 double 5 delay 10ms to 50ms split 7
  void links(const Words& words) {
    sim::Link link;
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
      if (words[i] == "lose") link.loss = static_cast<unsigned>(number(words[i + 1]));
      if (words[i] == "double") link.duplication = static_cast<unsigned>(number(words[i + 1]));
      if (words[i] == "split") link.piece_max = number(words[i + 1]);
      if (words[i] == "delay") link.delay = duration(words[i + 1]);
      if (words[i] == "to") link.jitter = duration(words[i + 1]) - link.delay;
    }
    world_.net().set_link(link);
  }

  /// attacker repeats|forges METHOD of DEVICE; attacker receives nothing|STATUS
  void attack(const Words& words) {
    if (words.at(0) == "receives") {
      world_.net().run_for(1s);
      const std::vector<int>& answers = world_.attacker().answers();
      const bool as_said = words.at(1) == "nothing"
                               ? answers.empty()
                               : !answers.empty() && static_cast<std::uint64_t>(answers.back()) ==
                                                         number(words.at(1));
      if (!as_said) throw Failed("otherwise: " + std::to_string(answers.size()) + " answers");
      return;
    }
    const Device& victim = device(words.at(3));
    std::string bytes = world_.last_sent(victim, words.at(1));
    if (bytes.empty()) throw Failed("there was no such message");
    const std::size_t branch = bytes.find("branch=z9hG4bK");
    if (words.at(0) == "forges" && branch != std::string::npos) {
      bytes[branch + 14] = bytes[branch + 14] == 'x' ? 'y' : 'x';  // no retransmission
      const std::size_t number = bytes.find("cnum=\"");
      if (number != std::string::npos) bytes.insert(number + 6, "9");  // nor a replay
    }
    world_.attacker().send(std::move(bytes), 1 - const_cast<Device&>(victim).habits().shard);
    world_.net().drain();
  }

  void nothing_is_left() {
    world_.net().run_for(50h);
    const service::Statistics left = world_.server().statistics();
    if (left.users + left.devices + left.subscriptions + left.associations + left.held +
            left.flows !=
        0)
      throw Failed("something is");
    if (world_.server().counts() != ua::Counts{}) throw Failed("transactions or connections are");
  }

  std::vector<std::string> trace_;
  World world_{1, [this](const std::string& line) { trace_.push_back(line); }};
  std::map<std::string, Actor> actors_;
  std::uint64_t last_operation_ = 0;
};

}  // namespace

std::optional<std::string> perform(std::string_view play) {
  Play stage;
  return stage.run(play);
}

}  // namespace kith::play
