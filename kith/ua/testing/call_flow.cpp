#include "kith/ua/testing/call_flow.h"

#include <charconv>
#include <map>
#include <memory>
#include <stdexcept>
#include <utility>

#include "kith/base/overloaded.h"
#include "kith/base/text.h"
#include "kith/sip/method.h"
#include "kith/ua/testing/line.h"

namespace kith::ua::testing {
namespace {

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what); }

/// A line in its words; what stands in quotes is one word, with the quotes taken off.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  while (!(line = trim(line)).empty() && line.front() != '#') {
    const bool quoted = line.front() == '\'';
    if (quoted) line.remove_prefix(1);
    const std::size_t end = std::min(line.find(quoted ? '\'' : ' '), line.size());
    words.emplace_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return words;
}

int number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end == text.data()) fail(std::string{text} + " is no number");
  return value;
}

/// What a user agent heard, in words: "INVITE", "180 INVITE", "timed_out".
struct Heard {
  std::string what;
  std::string from;
  sip::Message message{};
};

struct Agent {
  Agent(const UserAgentConfig& config, std::string called, std::size_t index)
      : random(index + 1),
        agent(config, random),
        name(std::move(called)),
        address(*Address::parse_host("192.0.2." + std::to_string(index + 1), 5060)) {}

  SeededRandom random;
  UserAgent agent;
  std::string name;
  Address address;
  bool is_gone = false;
  std::deque<Heard> heard{};
  std::map<std::string, DialogId> dialogs{};            // by the other's name, the newest
  std::map<std::string, std::vector<Request>> asked{};  // by who asked, what has no answer
  std::map<std::string, TransactionId> invites{};
  std::map<std::string, sip::Message> reliable{};  // provisional responses, for their PRACK
  std::uint32_t calls = 0;

  std::string uri() const { return "sip:" + name + "@" + address.text(); }
};

class Stage {
 public:
  void perform(const std::vector<std::string>& words, std::string_view line);
  const std::string& ladder() const { return ladder_; }

 private:
  using Words = std::vector<std::string>;

  Agent& agent(const std::string& name);
  Agent& at(const Address& address);
  Flow flow(const Agent& from, const Agent& to) const {
    return {.id = from.address.port,
            .transport = Transport::udp,
            .local = from.address,
            .remote = to.address};
  }

  void send(Agent& who, const Words& words);
  void answer(Agent& who, const Words& words);
  void acknowledge(Agent& who, const Words& words);
  void see(Agent& who, const Words& words);
  void see_nothing(Agent& who);
  void lose(const Words& words);
  void pass(Duration duration);
  void nothing_is_left();
  void add_headers(sip::Message& message, const Words& words);
  std::string with_replaces(const std::string& header);

  void settle();
  bool deliver(Agent& from);
  void on_wire(Agent& from, const Send& send);
  void hear(Agent& who, Event event);

  std::map<std::string, UserAgentConfig> configs_;
  std::vector<std::unique_ptr<Agent>> agents_;
  std::map<std::string, int> lost_;  // what a message begins with, and how many of it
  std::string ladder_;
  Time now_ = start;
};

Agent& Stage::agent(const std::string& name) {
  for (const auto& each : agents_)
    if (each->name == name) return *each;
  agents_.push_back(std::make_unique<Agent>(configs_[name], name, agents_.size()));
  return *agents_.back();
}

Agent& Stage::at(const Address& address) {
  for (const auto& each : agents_)
    if (each->address == address) return *each;
  fail("nobody is at " + address.text());
}

void Stage::perform(const Words& words, std::string_view line) {
  if (words.size() < 2) fail("a line says who does what");
  const std::string& verb = words[1];
  if (line == "nothing is left") return nothing_is_left();
  if (words[0] == "the" && words[1] == "next") return lose(words);
  if (verb == "pass" || verb == "passes") return pass(std::chrono::seconds(number(words[0])));
  if (verb == "wants" && words.size() > 2) {  // sessions of 90s
    configs_[words[0]].session_timer =
        dialog::SessionWish{.interval = std::chrono::seconds(number(words.back()))};
    return;
  }
  Agent& who = agent(words[0]);
  if (verb == "sends")
    send(who, words);
  else if (verb == "answers")
    answer(who, words);
  else if (verb == "acknowledges" || verb == "pracks")
    acknowledge(who, words);
  else if (verb == "cancels" && words.size() == 3) {
    if (!who.agent.cancel(who.invites[words[2]], now_)) fail("there is nothing to cancel");
  } else if (verb == "sees" && words.size() == 3 && words[2] == "nothing")
    see_nothing(who);
  else if (verb == "sees" && words.size() > 2)
    see(who, words);
  else if (verb == "disappears")
    who.is_gone = true;
  else
    fail("nobody knows how to do that");
  settle();
}

/// `alice sends INVITE to bob [outside] [with 'Name: value']…`
void Stage::send(Agent& who, const Words& words) {
  if (words.size() < 5 || words[3] != "to") fail("alice sends INVITE to bob");
  const std::string& method = words[2];
  Agent& other = agent(words[4]);
  const bool outside = words.size() > 5 && words[5] == "outside";
  const auto dialog = who.dialogs.find(other.name);
  const bool makes_contact = method != sip::method::bye && method != "MESSAGE" && method != "INFO";
  TransactionId id;
  if (std::optional<sip::Message> draft; !outside && dialog != who.dialogs.end() &&
                                         (draft = who.agent.draft(dialog->second, method))) {
    if (makes_contact) draft->add("Contact", "<" + who.uri() + ">");
    add_headers(*draft, words);
    const Result<TransactionId> sent = who.agent.send(dialog->second, *std::move(draft), now_);
    if (!sent) fail("it cannot be sent: " + std::string{sent.error().where});
    id = *sent;
  } else {
    const std::string number = std::to_string(++who.calls);
    sip::Message request = sip::Message::request(method, other.uri());
    request.add("Max-Forwards", "70");
    request.add("From", "<" + who.uri() + ">;tag=" + who.name + number);
    request.add("To", "<" + other.uri() + ">");
    request.add("Call-ID", number + "@" + who.name);
    request.add("CSeq", number + " " + method);
    if (makes_contact && method != "REGISTER") request.add("Contact", "<" + who.uri() + ">");
    add_headers(request, words);
    id = who.agent.request(flow(who, other), std::move(request), now_);
  }
  if (method == sip::method::invite) who.invites[other.name] = id;
}

/// `bob answers 180 to alice [reliably] [with 'Name: value']…`
void Stage::answer(Agent& who, const Words& words) {
  if (words.size() < 5 || words[3] != "to") fail("bob answers 200 to alice");
  const auto asked = who.asked.find(words[4]);
  if (asked == who.asked.end() || asked->second.empty()) fail("nothing waits for an answer");
  const Request request = asked->second.back();
  const int status = number(words[2]);
  const bool reliably = words.size() > 5 && words[5] == "reliably";
  sip::Message response = sip::Message::response(request.message, status);
  const std::string_view method = request.message.method();
  if (status > 100 && status < 300 && method != "REGISTER" && method != sip::method::bye)
    response.add("Contact", "<" + who.uri() + ">");
  add_headers(response, words);
  const TransactionId id = request.transaction;
  const Result<void> sent = reliably ? who.agent.respond_reliably(id, std::move(response), now_)
                                     : who.agent.respond(id, std::move(response), now_);
  if (!sent) fail("it cannot be answered: " + std::string{sent.error().where});
  if (status >= 200) asked->second.pop_back();
}

/// `alice acknowledges bob`, `alice pracks bob`
void Stage::acknowledge(Agent& who, const Words& words) {
  const auto dialog = words.size() == 3 ? who.dialogs.find(words[2]) : who.dialogs.end();
  if (dialog == who.dialogs.end()) fail("there is no dialog");
  if (words[1] == "acknowledges") {
    const Result<void> sent = who.agent.ack(dialog->second, now_);
    if (!sent) fail("there is no 2xx: " + std::string{sent.error().where});
    return;
  }
  const auto sent = who.agent.prack(dialog->second, who.reliable[words[2]], now_);
  if (!sent) fail("there is no reliable response: " + std::string{sent.error().where});
}

/// `bob sees INVITE from alice [with 'Name: part of the value']…`
void Stage::see(Agent& who, const Words& words) {
  settle();
  if (who.heard.empty()) fail(who.name + " sees nothing");
  const Heard heard = std::move(who.heard.front());
  who.heard.pop_front();
  std::string wanted;
  std::size_t at = 2;
  for (; at < words.size() && words[at] != "from" && words[at] != "with"; ++at)
    wanted += (wanted.empty() ? "" : " ") + words[at];
  if (heard.what != wanted) fail(who.name + " sees " + heard.what);
  for (; at + 1 < words.size(); at += 2) {
    const std::string& rest = words[at + 1];
    if (words[at] == "from" && heard.from != rest) fail("it is from " + heard.from);
    if (words[at] != "with") continue;
    const std::size_t colon = std::min(rest.find(": "), rest.size() - 1);
    const std::string_view there = heard.message.text(rest.substr(0, colon));
    if (there.empty() || !there.contains(with_replaces(rest.substr(colon + 2))))
      fail("it says '" + std::string{there} + "'");
  }
}

void Stage::see_nothing(Agent& who) {
  settle();
  if (!who.heard.empty()) fail(who.name + " sees " + who.heard.front().what);
}

/// `the next 2 INVITE are lost`
void Stage::lose(const Words& words) {
  if (words.size() < 5) fail("the next 2 INVITE are lost");
  lost_[words[3] == "SIP/2.0" ? words[3] + " " + words[4] : words[3]] = number(words[2]);
}

/// "{replaces bob alice}" is bob's dialog with alice as a Replaces or Join names it.
std::string Stage::with_replaces(const std::string& header) {
  const std::size_t begin = header.find('{');
  const std::size_t end = header.find('}');
  if (begin == std::string::npos || end == std::string::npos) return header;
  const Words words = words_of(std::string_view{header}.substr(begin + 1, end - begin - 1));
  if (words.size() == 1)
    return header.substr(0, begin) + agent(words[0]).uri() + header.substr(end + 1);
  if (words.size() != 3) fail("{replaces bob alice}");
  Agent& who = agent(words[1]);
  const dialog::Dialog* dialog = who.agent.dialog(who.dialogs[words[2]]);
  if (dialog == nullptr) fail("there is no dialog");
  return header.substr(0, begin) + dialog->call_id() + ";to-tag=" + dialog->local_tag() +
         ";from-tag=" + dialog->remote_tag() + header.substr(end + 1);
}

void Stage::add_headers(sip::Message& message, const Words& words) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] != "with") continue;
    const std::size_t colon = words[i + 1].find(": ");
    if (colon == std::string::npos) fail("with 'Name: value'");
    message.add(words[i + 1].substr(0, colon), with_replaces(words[i + 1].substr(colon + 2)));
  }
  message.set_body({}, {});
}

void Stage::on_wire(Agent& from, const Send& send) {
  Agent& to = at(send.flow.remote);
  const std::string first{std::string_view{send.bytes}.substr(0, send.bytes.find('\r'))};
  ladder_ += "  " + from.name + " -> " + to.name + ": " + first;
  for (auto& [begins, left] : lost_) {
    if (left == 0 || !first.starts_with(begins)) continue;
    --left;
    ladder_ += " (lost)\n";
    return;
  }
  ladder_ += to.is_gone ? " (nobody is there)\n" : "\n";
  if (!to.is_gone) to.agent.receive(flow(to, from), send.bytes, now_);
}

bool Stage::deliver(Agent& from) {
  std::optional<AgentOutput> output = from.agent.poll();
  if (!output) return false;
  if (const auto* send = std::get_if<Send>(&*output))
    on_wire(from, *send);
  else if (auto* event = std::get_if<Event>(&*output))
    hear(from, std::move(*event));
  return true;
}

void Stage::settle() {
  for (bool busy = true; busy;) {
    busy = false;
    for (std::size_t i = 0; i < agents_.size(); ++i) busy = deliver(*agents_[i]) || busy;
  }
}

void Stage::hear(Agent& who, Event event) {
  const auto keep = [&](std::string what, const Flow& from, const std::optional<DialogId>& dialog,
                        const sip::Message& message) {
    const std::string other = at(from.remote).name;
    if (dialog) who.dialogs[other] = *dialog;
    who.heard.push_back({std::move(what), other, message});
    return other;
  };
  std::visit(Overloaded{
                 [&](Request& it) {
                   const std::string other =
                       keep(std::string{it.message.method()}, it.flow, it.dialog, it.message);
                   who.asked[other].push_back(std::move(it));
                 },
                 [&](Response& it) {
                   if (it.repeated) return;
                   // What is sent again until its PRACK comes is passed up each time.
                   sip::Message& last = who.reliable[at(it.flow.remote).name];
                   const std::string_view number = it.message.text("RSeq");
                   if (!number.empty() && last.text("RSeq") == number) return;
                   keep(std::to_string(it.message.status()), it.flow, it.dialog, it.message);
                   if (!number.empty()) last = std::move(it.message);
                 },
                 [&](Ack& it) {
                   if (!it.repeated) keep("ACK", it.flow, it.dialog, it.message);
                 },
                 [&](Cancelled&) { who.heard.push_back({"CANCEL", {}}); },
                 [&](TransactionEnded& it) {
                   if (it.why != Ending::complete) who.heard.push_back({"the request fail", {}});
                 },
                 [&](NotAcknowledged&) { who.heard.push_back({"no PRACK", {}}); },
                 [&](RefreshDue&) { who.heard.push_back({"the session age", {}}); },
                 [&](DialogEnded& it) {
                   if (it.why != DialogEnding::bye && it.why != DialogEnding::refused)
                     who.heard.push_back({std::string{to_string(it.why)}, {}});
                 },
                 [](auto&) {},
             },
             event);
}

void Stage::pass(Duration duration) {
  const Time until = now_ + duration;
  settle();
  while (true) {
    Time next = never;
    for (const auto& each : agents_) next = std::min(next, each->agent.next_deadline());
    if (next > until) break;
    now_ = std::max(now_, next);
    for (const auto& each : agents_) each->agent.tick(now_);
    settle();
  }
  now_ = until;
}

void Stage::nothing_is_left() {
  pass(24h);
  for (const auto& each : agents_) {
    see_nothing(*each);
    if (!each->is_gone && each->agent.counts() != AgentCounts{})
      fail(each->name + " holds something still");
  }
}

}  // namespace

std::optional<std::string> perform_call_flow(std::string_view play) {
  Stage stage;
  for (std::size_t number = 1; !play.empty(); ++number) {
    const std::size_t end = std::min(play.find('\n'), play.size());
    const std::string_view line = trim(play.substr(0, end));
    play.remove_prefix(std::min(end + 1, play.size()));
    const std::vector<std::string> words = words_of(line);
    if (words.empty()) continue;
    try {
      stage.perform(words, line);
    } catch (const std::runtime_error& error) {
      return "line " + std::to_string(number) + ", " + std::string{line} + ": " + error.what() +
             "\n" + stage.ladder();
    }
  }
  return std::nullopt;
}

}  // namespace kith::ua::testing
