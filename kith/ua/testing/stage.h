#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kith/ua/testing/net.h"

namespace kith::ua::testing {

/// Ends a play: it does not go as it says.
[[noreturn]] void fail(const std::string& what);
/// A line in its words; what stands in quotes is one word, with the quotes taken off.
std::vector<std::string> words_of(std::string_view line);
int number_of(std::string_view text);

/// What a user agent heard, in words: "INVITE", "180", "timed_out".
struct Told {
  std::string what;
  std::string from;
  sip::Message message{};
};

/// A user agent on the stage.
struct Actor {
  Actor(Net& net, std::uint16_t port, const UserAgentConfig& config, std::string called)
      : node(net, port, config), name(std::move(called)) {}

  AgentNode node;
  std::string name;
  std::deque<Told> heard{};
  std::map<std::string, DialogId> dialogs{};            // by the other's name, the newest
  std::map<std::string, std::vector<Request>> asked{};  // by who asked, what has no answer
  std::map<std::string, TransactionId> invites{};
  std::map<std::string, sip::Message> reliable{};  // provisional responses, for their PRACK
  std::uint32_t calls = 0;
  std::uint32_t sequence = 0;

  std::string uri() const { return node.uri(name); }
};

/// The user agents and proxies of a call flow, and the network between them, in virtual time.
class Stage {
 public:
  Stage();

  /// Who has that name; whoever has not appeared yet does so now.
  Actor& actor(const std::string& name);
  ProxyNode* proxy(const std::string& name);

  // What a line may ask of everybody.
  /// `patience`: its no_answer_timer.
  void add_proxy(const std::string& name, ProxyNode::Routes routes, Duration patience);
  void wants_sessions(const std::string& name, Duration interval);
  void wants_credentials(const std::string& proxy);
  void refuses(const std::string& proxy, const std::string& user, int status);
  void lose(const std::string& begin, int count) { lost_[begin] = count; }
  void disappears(const std::string& name);
  void pass(Duration duration) { net.wait(duration); }
  void settle() { net.settle(); }
  void see_nothing(const Actor& who);
  void nothing_is_left();

  /// What was sent until now, a line each.
  const std::string& ladder() const { return ladder_; }

  Net net;

 private:
  bool carry(std::uint16_t from, std::uint16_t to, std::string_view bytes);
  void hear(Actor& who, const Event& event);
  const std::string& name_at(std::uint16_t port) const;
  std::uint16_t next_port() { return next_port_++; }

  std::map<std::string, UserAgentConfig> configs_;
  std::vector<std::unique_ptr<Actor>> actors_;
  std::map<std::string, std::unique_ptr<ProxyNode>> proxies_;
  std::map<std::string, int> lost_;  // what a message begins with, and how many of it
  std::map<std::uint16_t, std::string> names_;
  std::string ladder_;
  std::uint16_t next_port_ = 5060;
};

}  // namespace kith::ua::testing
