#include "kith/ua/testing/call_flow.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "kith/base/text.h"
#include "kith/sip/header/from.h"
#include "kith/sip/header/to.h"
#include "kith/sip/method.h"
#include "kith/ua/message_parts.h"
#include "kith/ua/testing/stage.h"

namespace kith::ua::testing {
namespace {

using Words = std::vector<std::string>;

/// Performs the lines of one play.
class Play {
 public:
  void perform(const Words& words, std::string_view line);
  const std::string& ladder() const { return stage_.ladder(); }

 private:
  void add_proxy(const Words& words);
  void about_a_proxy(ProxyNode& proxy, const Words& words);
  void finds(ProxyNode& proxy, const Words& words);
  void act(Actor& who, const Words& words);
  void send(Actor& who, const Words& words);
  TransactionId send_within(Actor& who, DialogId dialog, sip::Message draft, const Words& words);
  TransactionId send_outside(Actor& who, Actor& other, const Words& words);
  void answer(Actor& who, const Words& words);
  void acknowledge(Actor& who, const Words& words);
  void see(Actor& who, const Words& words);
  void add_headers(sip::Message& message, const Words& words);
  std::string replaced(const std::string& header);
  void take_its_way(Actor& who, DialogId dialog);

  Stage stage_;
};

bool has(const Words& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

/// The word after that one; empty where there is none.
std::string after(const Words& words, std::string_view word) {
  const auto found = std::ranges::find(words, word);
  return found == words.end() || found + 1 == words.end() ? std::string{} : *(found + 1);
}

bool shows_contact(std::string_view method) {
  return method != sip::method::bye && method != sip::method::message && method != "INFO";
}

void Play::perform(const Words& words, std::string_view line) {
  if (words.size() < 2) fail("a line says who does what");
  const std::string& verb = words[1];
  if (line == "nothing is left") return stage_.nothing_is_left();
  if (words[0] == "the" && verb == "next" && words.size() > 4)  // 2 INVITE are lost
    return stage_.lose(words[3] == "SIP/2.0" ? words[3] + " " + words[4] : words[3],
                       number_of(words[2]));
  if (verb == "pass" || verb == "passes")
    return stage_.pass(std::chrono::seconds(number_of(words[0])));
  if (verb == "is" && after(words, "a") == "proxy") return add_proxy(words);
  if (verb == "wants" && words.size() > 3)  // sessions of 90
    return stage_.wants_sessions(words[0], std::chrono::seconds(number_of(words.back())));
  if (verb == "wants" && words.back() == "credentials" && stage_.proxy(words[0]) != nullptr)
    return stage_.wants_credentials(words[0]);
  if (verb == "refuses" && words.size() == 5 && stage_.proxy(words[0]) != nullptr)  // bob with 403
    return stage_.refuses(words[0], words[2], number_of(words[4]));
  if (verb == "disappears") return stage_.disappears(words[0]);
  if (ProxyNode* const proxy = stage_.proxy(words[0])) {
    about_a_proxy(*proxy, words);
  } else {
    act(stage_.actor(words[0]), words);
  }
  stage_.settle();
}

/// `biloxi is a proxy [without Record-Route] [that gives up after 20]`
void Play::add_proxy(const Words& words) {
  const std::string patience = after(words, "after");
  stage_.add_proxy(
      words[0], has(words, "without") ? ProxyNode::Routes::unrecorded : ProxyNode::Routes::recorded,
      patience.empty() ? transaction::Timers{}.c : std::chrono::seconds(number_of(patience)));
}

/// `biloxi finds bob at …`, `biloxi has sent 2 INVITE`
void Play::about_a_proxy(ProxyNode& proxy, const Words& words) {
  if (words[1] == "finds" && words.size() > 4 && words[3] == "at") return finds(proxy, words);
  if (words[1] != "has" || words.size() < 5) fail("nobody knows how to do that");
  std::string begin = words[4];
  for (std::size_t i = 5; i < words.size(); ++i) begin += " " + words[i];
  stage_.settle();
  const std::size_t sent = proxy.sent_of(begin);
  if (sent != static_cast<std::size_t>(number_of(words[3])))
    fail("it has sent " + std::to_string(sent));
}

/// `biloxi finds bob at phone and pager then office`: both at the same time, and then the other.
void Play::finds(ProxyNode& proxy, const Words& words) {
  std::vector<ProxyNode::Place>& places = proxy.places[words[2]];
  places.clear();
  std::uint16_t quality = 1000;
  for (std::size_t i = 4; i < words.size(); i += 2) {
    if (words[i - 1] == "then") quality = static_cast<std::uint16_t>(quality - 100);
    if (const ProxyNode* const next = stage_.proxy(words[i]))
      places.push_back({.port = next->port(), .uri = next->uri(words[2]), .q = {quality}});
    else
      places.push_back({.port = stage_.actor(words[i]).node.port(),
                        .uri = stage_.actor(words[i]).uri(),
                        .q = {quality}});
  }
}

void Play::act(Actor& who, const Words& words) {
  const std::string& verb = words[1];
  if (verb == "sends") return send(who, words);
  if (verb == "answers") return answer(who, words);
  if (verb == "acknowledges" || verb == "pracks") return acknowledge(who, words);
  if (verb == "cancels" && words.size() == 3) {
    if (!who.node.agent.cancel(who.invites[words[2]], stage_.net.now))
      fail("there is nothing to cancel");
    return;
  }
  if (verb != "sees" || words.size() < 3) fail("nobody knows how to do that");
  words[2] == "nothing" ? stage_.see_nothing(who) : see(who, words);
}

/// `alice sends INVITE to bob [by atlanta] [outside | again] [with 'Name: value']…`
void Play::send(Actor& who, const Words& words) {
  if (words.size() < 5 || words[3] != "to") fail("alice sends INVITE to bob");
  const std::string& method = words[2];
  Actor& other = stage_.actor(words[4]);
  const bool outside = has(words, "outside") || has(words, "again") || has(words, "by");
  const auto dialog = outside ? who.dialogs.end() : who.dialogs.find(other.name);
  std::optional<sip::Message> draft;
  if (dialog != who.dialogs.end()) draft = who.node.agent.draft(dialog->second, method);
  const TransactionId id = draft ? send_within(who, dialog->second, *std::move(draft), words)
                                 : send_outside(who, other, words);
  if (method == sip::method::invite) who.invites[other.name] = id;
}

/// RFC 3261 §8.1.2: where the first Route is, or else the Request-URI.
void Play::take_its_way(Actor& who, DialogId dialog) {
  const std::optional<sip::Message> draft = who.node.agent.draft(dialog, "INFO");
  if (!draft) return;
  std::string_view uri = draft->text("Route");
  uri = uri.empty() ? draft->request_uri() : uri.substr(1, uri.find('>') - 1);
  const auto parsed = sip::UriView::parse(uri);
  if (parsed && parsed->port) who.node.agent.use(dialog, who.node.to(*parsed->port));
}

TransactionId Play::send_within(Actor& who, DialogId dialog, sip::Message draft,
                                const Words& words) {
  take_its_way(who, dialog);
  if (shows_contact(words[2])) draft.add("Contact", "<" + who.uri() + ">");
  add_headers(draft, words);
  const Result<TransactionId> sent = who.node.agent.send(dialog, std::move(draft), stage_.net.now);
  if (!sent) fail("it cannot be sent: " + std::string{sent.error().where});
  return *sent;
}

TransactionId Play::send_outside(Actor& who, Actor& other, const Words& words) {
  const std::string& method = words[2];
  const std::string by = after(words, "by");
  const ProxyNode* const proxy = stage_.proxy(by);
  if (!by.empty() && proxy == nullptr) fail(by + " is no proxy");
  if (!has(words, "again")) ++who.calls;
  const std::string number = std::to_string(who.calls);
  sip::Message request =
      sip::Message::request(method, proxy != nullptr ? proxy->uri(other.name) : other.uri());
  request.add("Max-Forwards", "70");
  request.add("From", "<" + who.uri() + ">;tag=" + who.name + number);
  request.add("To", "<" + other.uri() + ">");
  request.add("Call-ID", number + "@" + who.name);
  request.add("CSeq", std::to_string(++who.sequence) + " " + method);
  if (shows_contact(method) && method != "REGISTER") request.add("Contact", "<" + who.uri() + ">");
  add_headers(request, words);
  const std::uint16_t port = proxy != nullptr ? proxy->port() : other.node.port();
  return who.node.agent.request(who.node.to(port), std::move(request), stage_.net.now);
}

/// `bob answers 180 to alice [reliably] [with 'Name: value']…`
void Play::answer(Actor& who, const Words& words) {
  if (words.size() < 5 || words[3] != "to") fail("bob answers 200 to alice");
  const auto asked = who.asked.find(words[4]);
  if (asked == who.asked.end() || asked->second.empty()) fail("nothing waits for an answer");
  const Request request = asked->second.back();
  const int status = number_of(words[2]);
  sip::Message response = sip::Message::response(request.message, status);
  const std::string_view method = request.message.method();
  if (status > 100 && status < 300 && method != "REGISTER" && method != sip::method::bye)
    response.add("Contact", "<" + who.uri() + ">");
  add_headers(response, words);
  UserAgent& agent = who.node.agent;
  const TransactionId id = request.transaction;
  // Whoever answers first may speak first in the dialog that it makes.
  sip::Join name;
  name.call_id = response.text("Call-ID");
  name.params.set("from-tag", tag_of<sip::From>(response));
  if (status > 100 && tag_of<sip::To>(response).empty())
    response.set_to_tag(who.name + std::to_string(id.value));
  name.params.set("to-tag", tag_of<sip::To>(response));
  const Result<void> sent = has(words, "reliably")
                                ? agent.respond_reliably(id, std::move(response), stage_.net.now)
                                : agent.respond(id, std::move(response), stage_.net.now);
  if (!sent) fail("it cannot be answered: " + std::string{sent.error().where});
  if (const std::optional<DialogId> made = agent.find(name)) who.dialogs[words[4]] = *made;
  if (status >= 200) asked->second.pop_back();
}

/// `alice acknowledges bob`, `alice pracks bob`
void Play::acknowledge(Actor& who, const Words& words) {
  const auto dialog = words.size() == 3 ? who.dialogs.find(words[2]) : who.dialogs.end();
  if (dialog == who.dialogs.end()) fail("there is no dialog");
  take_its_way(who, dialog->second);
  if (words[1] == "acknowledges") {
    const Result<void> sent = who.node.agent.ack(dialog->second, stage_.net.now);
    if (!sent) fail("there is no 2xx: " + std::string{sent.error().where});
    return;
  }
  const auto sent = who.node.agent.prack(dialog->second, who.reliable[words[2]], stage_.net.now);
  if (!sent) fail("there is no reliable response: " + std::string{sent.error().where});
}

/// `bob sees INVITE from alice [with 'Name: part of the value']…`
void Play::see(Actor& who, const Words& words) {
  stage_.settle();
  if (who.heard.empty()) fail(who.name + " sees nothing");
  const Told heard = std::move(who.heard.front());
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
    if (there.empty() || !there.contains(replaced(rest.substr(colon + 2))))
      fail("it says '" + std::string{there} + "'");
  }
}

/// "{bob}" is bob's URI; "{replaces bob alice}" is bob's dialog with alice as a Replaces or Join
/// names it; "{answer to atlanta}" are credentials for that proxy.
std::string Play::replaced(const std::string& header) {
  const std::size_t begin = header.find('{');
  const std::size_t end = header.find('}');
  if (begin == std::string::npos || end == std::string::npos) return header;
  const auto with = [&](const std::string& text) {
    return header.substr(0, begin) + text + header.substr(end + 1);
  };
  const Words words = words_of(std::string_view{header}.substr(begin + 1, end - begin - 1));
  if (words.size() == 1) return with(stage_.actor(words[0]).uri());
  if (words.size() != 3) fail("{replaces bob alice}");
  if (words[0] == "answer")
    return with("Digest username=\"alice\", realm=\"" + words[2] +
                "\", nonce=\"1\", uri=\"sip:x\", response=\"" + std::string(32, '0') + "\"");
  Actor& who = stage_.actor(words[1]);
  const dialog::Dialog* const dialog = who.node.agent.dialog(who.dialogs[words[2]]);
  if (dialog == nullptr) fail("there is no dialog");
  return with(dialog->call_id() + ";to-tag=" + dialog->local_tag() +
              ";from-tag=" + dialog->remote_tag());
}

void Play::add_headers(sip::Message& message, const Words& words) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] != "with") continue;
    const std::size_t colon = words[i + 1].find(": ");
    if (colon == std::string::npos) fail("with 'Name: value'");
    message.add(words[i + 1].substr(0, colon), replaced(words[i + 1].substr(colon + 2)));
  }
  message.set_body({}, {});
}

}  // namespace

std::optional<std::string> perform_call_flow(std::string_view text) {
  Play play;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    const Words words = words_of(line);
    if (words.empty()) continue;
    try {
      play.perform(words, line);
    } catch (const std::runtime_error& error) {
      return "line " + std::to_string(number) + ", " + std::string{line} + ": " + error.what() +
             "\n" + play.ladder();
    }
  }
  return std::nullopt;
}

}  // namespace kith::ua::testing
