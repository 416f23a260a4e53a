#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kith/ua/testing/net.h"

namespace kith::calls {

using ua::testing::AgentNode;
using ua::testing::Net;

/// What is going to happen, and by which chance.
class Agenda {
 public:
  Agenda(Net& net, std::uint64_t seed) : net_(net), random_(seed) {}

  void after(Duration delay, std::function<void()> deed) {
    deeds_.emplace(net_.now + delay, std::move(deed));
  }
  /// From `least` to `most`.
  Duration between(Duration least, Duration most) {
    return least + Duration(below(static_cast<std::uint64_t>((most - least).count())));
  }
  bool chance(unsigned percent) { return below(100) < percent; }
  std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }
  /// Until nothing is going to happen any more.
  void run();

 private:
  Net& net_;
  SeededRandom random_;
  std::multimap<Time, std::function<void()>> deeds_;
};

/// How often which reason was given.
using Reasons = std::map<std::string, std::size_t>;

/// Keeps account of what must end.
class Account {
 public:
  void began(ua::TransactionId id) { ++transactions_[id]; }
  void saw(const ua::Event& event);
  /// Why transactions and dialogs ended.
  const Reasons& reasons() const { return reasons_; }
  /// What has not ended, or more than once.
  void judge(std::string_view who, std::vector<std::string>& failures) const;

 private:
  void saw(const std::optional<ua::DialogId>& dialog) {
    if (dialog) dialogs_.try_emplace(*dialog, 0);
  }

  std::map<ua::TransactionId, int> transactions_;  // one for its beginning, ten for each end
  std::map<ua::DialogId, int> dialogs_;            // how often it ended
  Reasons reasons_;
};

/// A user agent that calls, answers, subscribes and notifies as chance has it.
class Person {
 public:
  Person(Net& net, Agenda& agenda, std::uint16_t port);

  /// Begins something with somebody behind that proxy.
  void call(std::uint16_t proxy);
  void ask(std::string_view method, std::uint16_t proxy, std::string_view user);
  void subscribe(std::uint16_t proxy);

  const std::string& name() const { return name_; }
  /// Hears what it hears.
  std::function<void(const ua::Event&)> also{};

  AgentNode node;
  Account account;
  std::size_t calls = 0;
  std::size_t answered = 0;

 private:
  void on(const ua::Event& event);
  void on_request(const ua::Request& request);
  void on_response(const ua::Response& response);
  void on_invite(const ua::Request& request);
  void on_subscribe(const ua::Request& request);
  void on_register(const ua::Request& request);
  void established(ua::DialogId dialog, bool forked);
  void hang_up(ua::DialogId dialog);
  void invite_again(ua::DialogId dialog);
  void send(ua::DialogId dialog, std::string_view method, std::string_view extra_name = {},
            std::string_view extra_value = {});
  void notify(ua::DialogId dialog, std::string_view state);
  void respond(const ua::Request& request, int status);
  sip::Message response_to(const ua::Request& request, int status);
  sip::Message request_to(std::string_view method, std::uint16_t proxy, std::string_view user);
  std::optional<ua::DialogId> dialog_of(const sip::Message& response);

  Net& net_;
  Agenda& agenda_;
  std::string name_;
  std::uint64_t next_ = 0;  // what makes Call-IDs and tags unique
  std::set<ua::TransactionId> replied_{};
};

}  // namespace kith::calls
