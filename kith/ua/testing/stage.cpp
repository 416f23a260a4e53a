#include "kith/ua/testing/stage.h"

#include <charconv>
#include <stdexcept>
#include <utility>

#include "kith/base/overloaded.h"
#include "kith/base/text.h"
#include "kith/sip/header/from.h"
#include "kith/sip/header/to.h"

namespace kith::ua::testing {
namespace {

/// The user in From or To: who the other one is, whatever lies between.
template <class Party>
std::string user_in(const sip::Message& message) {
  const auto party = message.get<Party>();
  return party && *party ? (*party)->uri.user : std::string{};
}

}  // namespace

void fail(const std::string& what) { throw std::runtime_error(what); }

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

int number_of(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end == text.data()) fail(std::string{text} + " is no number");
  return value;
}

Stage::Stage() {
  net.loses = [this](std::uint16_t from, std::uint16_t to, std::string_view bytes) {
    return carry(from, to, bytes);
  };
}

Actor& Stage::actor(const std::string& name) {
  for (const auto& each : actors_)
    if (each->name == name) return *each;
  if (proxies_.contains(name)) fail(name + " is a proxy");
  const std::uint16_t port = next_port();
  names_[port] = name;
  actors_.push_back(std::make_unique<Actor>(net, port, configs_[name], name));
  Actor& actor = *actors_.back();
  actor.node.on_event = [this, &actor](const Event& event) { hear(actor, event); };
  return actor;
}

ProxyNode* Stage::proxy(const std::string& name) {
  const auto found = proxies_.find(name);
  return found == proxies_.end() ? nullptr : found->second.get();
}

void Stage::add_proxy(const std::string& name, ProxyNode::Routes routes, Duration patience) {
  const std::uint16_t port = next_port();
  names_[port] = name;
  const ProxyConfig config{.no_answer_timer = patience};
  if (!proxies_.emplace(name, std::make_unique<ProxyNode>(net, port, config, routes)).second)
    fail(name + " is one already");
}

void Stage::wants_sessions(const std::string& name, Duration interval) {
  configs_[name].session_timer =
      dialog::SessionWish{.interval = std::chrono::duration_cast<std::chrono::seconds>(interval)};
}

/// RFC 3261 §22.3: what begins a dialog has none of this proxy's realm yet.
void Stage::wants_credentials(const std::string& name) {
  ProxyNode& node = *proxy(name);
  node.instead = [this, &node, realm = "realm=\"" + name + "\""](const ProxyRequest& request) {
    if (request.message.text("To").contains("tag=")) return false;
    for (const std::string_view each : request.message.texts("Proxy-Authorization"))
      if (each.contains(realm)) return false;
    sip::Message response = sip::Message::response(request.message, 407);
    response.add("Proxy-Authenticate", "Digest " + realm + ", nonce=\"1\"");
    return bool(node.proxy.respond(request.transaction, std::move(response), net.now));
  };
}

void Stage::refuses(const std::string& name, const std::string& user, int status) {
  ProxyNode& node = *proxy(name);
  node.instead = [this, &node, user, status,
                  before = std::move(node.instead)](const ProxyRequest& request) {
    if (before && before(request)) return true;
    const auto uri = sip::UriView::parse(request.message.request_uri());
    return uri && uri->user == user &&
           node.proxy.respond(request.transaction, sip::Message::response(request.message, status),
                              net.now);
  };
}

void Stage::disappears(const std::string& name) {
  ProxyNode* const node = proxy(name);
  (node != nullptr ? node->gone : actor(name).node.gone) = true;
}

void Stage::see_nothing(const Actor& who) {
  settle();
  if (!who.heard.empty()) fail(who.name + " sees " + who.heard.front().what);
}

void Stage::nothing_is_left() {
  pass(24h);
  for (const auto& each : actors_) {
    see_nothing(*each);
    if (!each->node.gone && each->node.agent.counts() != AgentCounts{})
      fail(each->name + " holds something still");
  }
  for (const auto& [name, node] : proxies_)
    if (!node->gone && node->proxy.counts() != ProxyCounts{}) fail(name + " holds something still");
}

const std::string& Stage::name_at(std::uint16_t port) const {
  const auto found = names_.find(port);
  if (found == names_.end()) fail("nobody is at port " + std::to_string(port));
  return found->second;
}

/// Whether it is lost.
bool Stage::carry(std::uint16_t from, std::uint16_t to, std::string_view bytes) {
  const std::string first{bytes.substr(0, bytes.find('\r'))};
  ladder_ += "  " + name_at(from) + " -> " + name_at(to) + ": " + first;
  for (auto& [begins, left] : lost_) {
    if (left == 0 || !first.starts_with(begins)) continue;
    --left;
    ladder_ += " (lost)\n";
    return true;
  }
  ladder_ += '\n';
  return false;
}

void Stage::hear(Actor& who, const Event& event) {
  const auto keep = [&](std::string what, const std::string& other,
                        const std::optional<DialogId>& dialog, const sip::Message& message) {
    if (dialog) who.dialogs[other] = *dialog;
    who.heard.push_back({std::move(what), other, message});
  };
  std::visit(Overloaded{
                 [&](const Request& it) {
                   const std::string other = user_in<sip::From>(it.message);
                   keep(std::string{it.message.method()}, other, it.dialog, it.message);
                   who.asked[other].push_back(it);
                 },
                 [&](const Response& it) {
                   if (it.repeated) return;
                   const std::string other = user_in<sip::To>(it.message);
                   if (it.message.has("RSeq")) who.reliable[other] = it.message;
                   keep(std::to_string(it.message.status()), other, it.dialog, it.message);
                 },
                 [&](const Ack& it) {
                   if (!it.repeated)
                     keep("ACK", user_in<sip::From>(it.message), it.dialog, it.message);
                 },
                 [&](const Cancelled&) { who.heard.push_back({"CANCEL", {}}); },
                 [&](const TransactionEnded& it) {
                   if (it.why != Ending::complete) who.heard.push_back({"the request fail", {}});
                 },
                 [&](const NotAcknowledged&) { who.heard.push_back({"no PRACK", {}}); },
                 [&](const RefreshDue&) { who.heard.push_back({"the session age", {}}); },
                 [&](const DialogEnded& it) {
                   if (it.why != DialogEnding::bye && it.why != DialogEnding::refused)
                     who.heard.push_back({std::string{to_string(it.why)}, {}});
                 },
                 [](const auto&) {},
             },
             event);
}

}  // namespace kith::ua::testing
