// What a user agent answers by itself, by the table of docs/answers.md: each row happens, and is
// not there when its switch is off.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "kith/base/text.h"
#include "kith/ua/testing/heard.h"
#include "kith/ua/user_agent.h"

namespace kith::ua {
namespace {

/// Bob's user agent, and what somebody called alice writes to it.
struct Bob : testing::Heard<Event> {
  explicit Bob(const UserAgentConfig& config) : agent(config, random) {}

  SeededRandom random{1};
  UserAgent agent;
  Time now = Time{} + 1h;
  int branches = 0;
  std::vector<std::string> sent{};

  static Flow flow() {
    return {.id = 7,
            .transport = Transport::udp,
            .local = *Address::parse_host("192.0.2.2", 5060),
            .remote = *Address::parse_host("192.0.2.1", 5060)};
  }
  void drain() {
    while (std::optional<AgentOutput> output = agent.poll()) {
      if (auto* send = std::get_if<Send>(&*output)) sent.push_back(std::move(send->bytes));
      if (auto* event = std::get_if<Event>(&*output)) events.push_back(std::move(*event));
    }
  }
  void wait(Duration duration) {
    const Time until = now + duration;
    while (agent.next_deadline() <= until) {
      now = std::max(now, agent.next_deadline());
      agent.tick(now);
      drain();
    }
    now = until;
  }
  struct Line {
    std::string method{};
    std::string extra = "Max-Forwards: 70\r\n";
    std::uint32_t sequence = 1;
    std::string to_tag{};
    std::string branch{};
    std::string contact = "<sip:alice@192.0.2.1>";
  };
  /// A request of alice, with a branch of its own where none is given.
  void hears(const Line& line) {
    const std::string branch = line.branch.empty() ? std::to_string(++branches) : line.branch;
    std::string text = line.method + " sip:bob@192.0.2.2 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;";
    text += "branch=z9hG4bK" + branch + "\r\nFrom: <sip:alice@192.0.2.1>;tag=a\r\nTo: ";
    text += "<sip:bob@192.0.2.2>" + (line.to_tag.empty() ? "" : ";tag=" + line.to_tag);
    text += "\r\nCall-ID: c\r\nCSeq: " + std::to_string(line.sequence) + " " + line.method;
    if (!line.contact.empty()) text += "\r\nContact: " + line.contact;
    text += "\r\n" + line.extra + "Content-Length: 0\r\n\r\n";
    agent.receive(flow(), text, now);
    drain();
  }
  void answers(int status) {
    const Request request = all<Request>().back();
    sip::Message response = sip::Message::response(request.message, status);
    response.set_to_tag("b");
    response.add("Contact", "<sip:bob@192.0.2.2>");
    REQUIRE(agent.respond(request.transaction, std::move(response), now));
    drain();
  }
  /// A call, after which the numbers go on at 2.
  void is_called() {
    hears({.method = "INVITE"});
    answers(200);
    hears({.method = "ACK", .to_tag = "b"});
  }
  void invites() {
    const DialogId id = *all<Ack>().back().dialog;
    REQUIRE(agent.send(id, *agent.draft(id, "INVITE"), now));
    drain();
  }
  std::size_t sent_of(int status) const {
    const std::string begin = "SIP/2.0 " + std::to_string(status);
    return static_cast<std::size_t>(std::ranges::count_if(
        sent, [&](const std::string& each) { return each.starts_with(begin); }));
  }
};

/// A row of the table.
struct Row {
  int status;
  std::string_view off;  // how the table writes its switch
  std::function<void(UserAgentConfig&)> prepare;
  std::function<void(UserAgentConfig&)> switch_off;
  std::function<void(Bob&)> provoke;
  std::size_t passed_up;  // requests that the layer above hears of when it is off
};

std::string notify_of(std::string_view package) {
  return "Event: " + std::string{package} + "\r\nSubscription-State: active\r\n";
}

const auto nothing = [](UserAgentConfig&) {};

const std::vector<Row>& rows() {
  static const std::vector<Row> all{
      {100, "Config::answers_100", nothing,
       [](UserAgentConfig& c) { c.endpoint.answers_100 = false; },
       [](Bob& bob) {
         bob.hears({.method = "INVITE"});
         bob.hears({.method = "INVITE", .branch = "1"});  // a retransmission asks for it too
         bob.wait(1s);
       },
       1},
      {405, "Answers::method", [](UserAgentConfig& c) { c.methods = {"INVITE"}; },
       [](UserAgentConfig& c) { c.answers.method = false; },
       [](Bob& bob) { bob.hears({.method = "OPTIONS"}); }, 1},
      {501, "Answers::method", [](UserAgentConfig& c) { c.methods = {"INVITE"}; },
       [](UserAgentConfig& c) { c.answers.method = false; },
       [](Bob& bob) { bob.hears({.method = "FLY"}); }, 1},
      {400, "Answers::contact", nothing, [](UserAgentConfig& c) { c.answers.contact = false; },
       [](Bob& bob) { bob.hears({.method = "INVITE", .contact = ""}); }, 1},
      {400, "Answers::refer", nothing, [](UserAgentConfig& c) { c.answers.refer = false; },
       [](Bob& bob) { bob.hears({.method = "REFER"}); }, 1},
      {400, "Answers::notify", [](UserAgentConfig& c) { c.answers.unsolicited = false; },
       [](UserAgentConfig& c) { c.answers.notify = false; },
       [](Bob& bob) { bob.hears({.method = "NOTIFY"}); }, 1},
      {489, "Answers::event", [](UserAgentConfig& c) { c.packages = {"presence"}; },
       [](UserAgentConfig& c) { c.answers.event = false; },
       [](Bob& bob) { bob.hears({.method = "SUBSCRIBE", .extra = "Event: dialog\r\n"}); }, 1},
      {422, "UserAgentConfig::session_timer",
       [](UserAgentConfig& c) { c.session_timer = dialog::SessionWish{}; },
       [](UserAgentConfig& c) { c.session_timer.reset(); },
       [](Bob& bob) {
         bob.hears({.method = "INVITE", .extra = "Supported: timer\r\nSession-Expires: 10\r\n"});
       },
       1},
      {482, "Answers::merged", nothing, [](UserAgentConfig& c) { c.answers.merged = false; },
       [](Bob& bob) {
         bob.hears({.method = "MESSAGE"});
         bob.hears({.method = "MESSAGE"});
       },
       2},
      {481, "Answers::no_dialog", nothing, [](UserAgentConfig& c) { c.answers.no_dialog = false; },
       [](Bob& bob) { bob.hears({.method = "BYE", .to_tag = "x"}); }, 1},
      {481, "Answers::unsolicited", nothing,
       [](UserAgentConfig& c) { c.answers.unsolicited = false; },
       [](Bob& bob) { bob.hears({.method = "NOTIFY", .extra = notify_of("presence")}); }, 1},
      {481, "Config::passes_strays", nothing,
       [](UserAgentConfig& c) { c.endpoint.passes_strays = true; },
       [](Bob& bob) { bob.hears({.method = "CANCEL"}); }, 1},
      {483, "Config::answers_483", [](UserAgentConfig& c) { c.dialogs = DialogPolicy::none; },
       [](UserAgentConfig& c) { c.endpoint.answers_483 = false; },
       [](Bob& bob) { bob.hears({.method = "MESSAGE", .extra = "Max-Forwards: 0\r\n"}); }, 1},
      {487, "Answers::cancelled", nothing, [](UserAgentConfig& c) { c.answers.cancelled = false; },
       [](Bob& bob) {
         bob.hears({.method = "INVITE", .branch = "same"});
         bob.hears({.method = "CANCEL", .branch = "same"});
       },
       1},
      {491, "Answers::overlapping", nothing,
       [](UserAgentConfig& c) { c.answers.overlapping = false; },
       [](Bob& bob) {
         bob.is_called();
         bob.invites();
         bob.hears({.method = "INVITE", .sequence = 2, .to_tag = "b"});
       },
       2},
      {500, "Answers::overlapping", nothing,
       [](UserAgentConfig& c) { c.answers.overlapping = false; },
       [](Bob& bob) {
         bob.is_called();
         bob.hears({.method = "INVITE", .sequence = 2, .to_tag = "b"});
         bob.hears({.method = "INVITE", .sequence = 3, .to_tag = "b"});
       },
       3},
      {500, "Answers::late", nothing, [](UserAgentConfig& c) { c.answers.late = false; },
       [](Bob& bob) {
         bob.is_called();
         bob.hears({.method = "INFO", .sequence = 9, .to_tag = "b"});
         bob.hears({.method = "INFO", .sequence = 8, .to_tag = "b"});
       },
       3},
      {503, "Config::answers_503",
       [](UserAgentConfig& c) { c.endpoint.limits.server_transactions_max = 1; },
       [](UserAgentConfig& c) { c.endpoint.answers_503 = false; },
       [](Bob& bob) {
         bob.hears({.method = "MESSAGE"});
         bob.hears({.method = "OPTIONS"});
       },
       1},
  };
  return all;
}

TEST_CASE("RFC 3261 §8.2: what docs/answers.md lists is answered, and passed up when it is off") {
  for (const Row& row : rows()) {
    CAPTURE(row.status);
    CAPTURE(row.off);
    UserAgentConfig config;
    row.prepare(config);
    Bob on(config);
    row.provoke(on);
    CHECK(on.sent_of(row.status) >= 1);

    row.switch_off(config);
    Bob off(config);
    row.provoke(off);
    CHECK(off.sent_of(row.status) == 0);
    CHECK(off.all<Request>().size() == row.passed_up);
  }
}

TEST_CASE("RFC 3261 §8.1.1.8: who would begin a dialog says where it is, or is told so in words") {
  for (const auto& [method, contact, reason] : std::vector<std::array<std::string, 3>>{
           {"INVITE", "", "Missing Contact"},
           {"SUBSCRIBE", "*", "Malformed Contact"},
           {"SUBSCRIBE", "<tel:+1-201-555-0123>", "Malformed Contact"},
           {"INVITE", "<sip:alice@", "Malformed Contact"},
           {"MESSAGE", "", ""},
           {"INVITE", "<sips:alice@192.0.2.1>", ""}}) {
    CAPTURE(method);
    CAPTURE(contact);
    Bob bob{UserAgentConfig{}};
    bob.hears({.method = method, .contact = contact});
    CHECK(bob.all<Request>().size() == (reason.empty() ? 1 : 0));
    CHECK(bob.sent.size() == (reason.empty() ? 0 : 1));
    if (!reason.empty()) CHECK(bob.sent.at(0).starts_with("SIP/2.0 400 " + reason + "\r\n"));
  }
}

/// That the only answer is this; nothing: it is passed up.
void answered(const UserAgentConfig& config, const Bob::Line& line, const std::string& answer) {
  CAPTURE(line.method);
  CAPTURE(line.extra);
  Bob bob(config);
  bob.hears(line);
  CHECK(bob.all<Request>().size() == (answer.empty() ? 1 : 0));
  REQUIRE(bob.sent.size() == (answer.empty() ? 0 : 1));
  if (!answer.empty()) CHECK(bob.sent[0].starts_with("SIP/2.0 " + answer + "\r\n"));
}

TEST_CASE("RFC 3515 §2.4.2: a REFER has one Refer-To, in a dialog and outside, or a 400") {
  const std::string carol = "Refer-To: <sip:carol@192.0.2.3>\r\n";
  for (const auto& [extra, answer] : std::vector<std::pair<std::string, std::string>>{
           {"", "400 Missing Refer-To"},
           {carol + "r: <sip:dan@192.0.2.4>\r\n", "400 Duplicate Refer-To"},
           {"Refer-To: <sip:carol@192.0.2.3>, <sip:dan@192.0.2.4>\r\n", "400 Malformed Refer-To"},
           {"Refer-To: <sip:carol@\r\n", "400 Malformed Refer-To"},
           {carol, ""},
           {"r: <sip:carol@192.0.2.3?Replaces=c%3Bto-tag%3D1>\r\n", ""}}) {
    answered({}, {.method = "REFER", .extra = extra}, answer);
    Bob bob({});
    bob.is_called();
    bob.sent.clear();
    bob.hears({.method = "REFER", .extra = extra, .sequence = 2, .to_tag = "b"});
    CHECK(bob.all<Request>().size() == (answer.empty() ? 2 : 1));
    CHECK(bob.sent_of(400) == (answer.empty() ? 0 : 1));
  }
}

TEST_CASE("RFC 6665 §4.2.2: a NOTIFY without its headers has a 400, without a subscription not") {
  const std::string state = "Subscription-State: active\r\n";
  for (const auto& [extra, answer] : std::vector<std::pair<std::string, std::string>>{
           {state, "400 Missing Event"},
           {"Event: presence\r\n", "400 Missing Subscription-State"},
           {"Event: ;id=1\r\n" + state, "400 Malformed Event"},
           {"Event: presence\r\nEvent: presence\r\n" + state, "400 Duplicate Event"},
           {"Event: presence\r\nSubscription-State: ;\r\n", "400 Malformed Subscription-State"},
           {notify_of("presence;id=4"), "481 No subscription to presence"},
           {notify_of("presence.winfo"), "481 No subscription to presence.winfo"}})
    answered({}, {.method = "NOTIFY", .extra = extra}, answer);
  UserAgentConfig open;
  open.answers.notify = false;
  answered(open, {.method = "NOTIFY"}, "481 Call/Transaction Does Not Exist");
  open.answers.unsolicited = false;
  answered(open, {.method = "NOTIFY"}, "");
}

TEST_CASE(
    "RFC 6665 §4.1.3: a NOTIFY of a package that is not served has a 489, if no subscription") {
  UserAgentConfig config{.packages = {"presence", "dialog"}};
  for (const std::string to_tag : {"", "b"}) {
    const Bob::Line line{.method = "NOTIFY", .extra = notify_of("conference"), .to_tag = to_tag};
    config.answers.event = true;
    answered(config, line, "489 Bad Event");
    answered(config, {.method = "NOTIFY", .extra = notify_of("dialog"), .to_tag = to_tag},
             "481 No subscription to dialog");
    config.answers.event = false;
    answered(config, line, "481 No subscription to conference");
  }
}

TEST_CASE("RFC 3261 §14.2: a 500 to a second INVITE says when to try again, within ten seconds") {
  Bob bob({});
  bob.is_called();
  bob.hears({.method = "INVITE", .sequence = 2, .to_tag = "b"});
  bob.hears({.method = "INVITE", .sequence = 3, .to_tag = "b"});
  const auto response = sip::Message::parse(bob.sent.back());
  REQUIRE(response);
  CHECK(response->status() == 500);
  REQUIRE_FALSE(response->text("Retry-After").empty());
  CHECK(std::stoi(std::string{response->text("Retry-After")}) <= 10);
}

TEST_CASE("RFC 3261 §8.2: the table of docs/answers.md and this one are the same") {
  std::ifstream file(KITH_SOURCE_DIR "/docs/answers.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::vector<std::string> wanted;
  for (const Row& row : rows())
    wanted.push_back(std::to_string(row.status) + " `" + std::string{row.off} + "`");
  // Of each row its status, and the first name in its last column.
  std::vector<std::string> found;
  const std::size_t begin = text.find("## A user agent");
  REQUIRE(begin != std::string::npos);
  std::string_view rest = std::string_view{text}.substr(begin, text.find("## A proxy") - begin);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.size() < 6 || !line.starts_with("| ") || line[2] < '1' || line[2] > '6') continue;
    const std::size_t last = line.rfind('|', line.size() - 2);
    const std::size_t name = line.find('`', last);
    REQUIRE(name != std::string_view::npos);
    found.push_back(std::string{line.substr(2, 3)} + " " +
                    std::string{line.substr(name, line.find('`', name + 1) + 1 - name)});
  }
  std::ranges::sort(wanted);
  std::ranges::sort(found);
  CHECK(found == wanted);
}

}  // namespace
}  // namespace kith::ua
