#include "kith/ua/settings.h"

#include <doctest/doctest.h>

#include <functional>
#include <string_view>
#include <vector>

namespace kith::ua {
namespace {

template <class Settings>
struct Change {
  std::string_view setting;  // that is refused; empty: none
  std::function<void(Settings&)> change;
};

template <class Settings>
void check_changes(const std::vector<Change<Settings>>& changes) {
  CHECK(check(Settings{}));
  for (const auto& [setting, change] : changes) {
    CAPTURE(setting);
    Settings settings;
    change(settings);
    const Result<void> checked = check(settings);
    CHECK((checked ? std::string_view{} : checked.error().where) == setting);
  }
}

TEST_CASE("RFC 3261 §17.1.1.1: times that cannot be meant are refused by name") {
  using transaction::Timers;
  check_changes<Timers>({
      {"Timers::t1", [](Timers& t) { t.t1 = 0ms; }},
      {"Timers::t1", [](Timers& t) { t.t1 = -1ms; }},
      {"Timers::t2", [](Timers& t) { t.t2 = t.t1 - 1ms; }},
      {"", [](Timers& t) { t.t2 = t.t1; }},
      {"Timers::t4", [](Timers& t) { t.t4 = 0s; }},
      {"Timers::d", [](Timers& t) { t.d = 64 * t.t1 - 1ms; }},
      {"Timers::d", [](Timers& t) { t.t1 = 1s; }},  // and the same d
      {"", [](Timers& t) { t.t1 = 1ms; }},
      {"Timers::c", [](Timers& t) { t.c = 0s; }},
      {"", [](Timers& t) { t.c = 30s; }},  // of who forwards nothing
      {"Timers::trying", [](Timers& t) { t.trying = -1ms; }},
      {"", [](Timers& t) { t.trying = 0ms; }},
      {"Timers::answer", [](Timers& t) { t.answer = 0s; }},
      {"Timers::answer_invite", [](Timers& t) { t.answer_invite = 0s; }},
  });
}

TEST_CASE("RFC 3261 §18: what an endpoint calls itself, and how long it waits, can be meant") {
  check_changes<Config>({
      {"Timers::t1", [](Config& c) { c.timers.t1 = 0ms; }},
      {"SentBy::udp", [](Config& c) { c.sent_by.udp = "sip:a"; }},
      {"SentBy::tcp", [](Config& c) { c.sent_by.tcp = "a:0x"; }},
      {"SentBy::tls", [](Config& c) { c.sent_by.tls = " "; }},
      {"", [](Config& c) { c.sent_by.tls = "[2001:db8::1]:5061"; }},
      {"Config::connection_timer", [](Config& c) { c.connection_timer = 0s; }},
      {"", [](Config& c) { c.connection_timer.reset(); }},
      {"Config::idle_timer", [](Config& c) { c.idle_timer = -1s; }},
      {"", [](Config& c) { c.idle_timer.reset(); }},
      {"Config::message_timer", [](Config& c) { c.message_timer = 0s; }},
  });
}

TEST_CASE("RFC 3261 §12.1: settings of a user agent that contradict each other are refused") {
  using U = UserAgentConfig;
  check_changes<U>({
      {"Timers::t2", [](U& u) { u.endpoint.timers.t2 = 1ms; }},
      {"UserAgentConfig::early_timer", [](U& u) { u.early_timer = 0s; }},
      {"UserAgentConfig::dialog_methods", [](U& u) { u.dialog_methods = {""}; }},
      {"UserAgentConfig::dialog_methods", [](U& u) { u.dialog_methods = {"FOO", "B AR"}; }},
      {"UserAgentConfig::dialog_methods", [](U& u) { u.dialog_methods = {"BYE"}; }},
      {"UserAgentConfig::dialog_methods", [](U& u) { u.dialog_methods = {"CANCEL"}; }},
      {"", [](U& u) { u.dialog_methods = {"FOO"}; }},
      {"UserAgentConfig::dialog_methods",
       [](U& u) {
         u.dialog_methods = {"FOO"};
         u.dialogs = DialogPolicy::none;
       }},
      {"UserAgentConfig::methods", [](U& u) { u.methods = {"INVITE", "ACK,BYE"}; }},
      {"UserAgentConfig::names", [](U& u) { u.names = {"sip:pc33.example.com"}; }},
      {"", [](U& u) { u.names = {"pc33.example.com", "pc33.example.com:5070"}; }},
      {"UserAgentConfig::packages", [](U& u) { u.packages = {"presence;id=1"}; }},
      {"UserAgentConfig::forkable", [](U& u) { u.forkable = {""}; }},
      {"", [](U& u) { u.packages = u.forkable = {"presence.winfo"}; }},
      {"SessionWish::least", [](U& u) { u.session_timer = {.interval = 1800s, .least = 89s}; }},
      {"SessionWish::interval", [](U& u) { u.session_timer = {.interval = 90s, .least = 91s}; }},
      {"", [](U& u) { u.session_timer = {.interval = 90s, .least = 90s}; }},
  });
}

TEST_CASE("RFC 3261 §16.6 step 11: timer C of a proxy is more than three minutes") {
  using P = ProxyConfig;
  check_changes<P>({
      {"Timers::c", [](P& p) { p.endpoint.timers.c = 3min; }},
      {"", [](P& p) { p.endpoint.timers.c = 3min + 1ms; }},
      {"Timers::t1", [](P& p) { p.endpoint.timers.t1 = 0ms; }},
      {"ProxyConfig::no_answer_timer", [](P& p) { p.no_answer_timer = 0s; }},
      {"ProxyConfig::no_answer_timer", [](P& p) { p.no_answer_timer = 182s; }},
      {"", [](P& p) { p.no_answer_timer = 20s; }},
      {"ProxyConfig::names", [](P& p) { p.names = {"a.example", ""}; }},
      {"ProxyConfig::names", [](P& p) { p.names = {"sip:a.example"}; }},
      {"", [](P& p) { p.names = {"a.example", "192.0.2.1:5060"}; }},
      {"ProxyConfig::record_route", [](P& p) { p.record_route = "<sip:a.example;lr>"; }},
      {"ProxyConfig::record_route", [](P& p) { p.record_route = "tel:+1"; }},
      {"ProxyConfig::path", [](P& p) { p.path = "a.example"; }},
      {"", [](P& p) { p.path = p.record_route = "sips:a.example;lr"; }},
      {"ProxyConfig::supported", [](P& p) { p.supported = {"foo, bar"}; }},
      {"ProxyLimits::targets_max", [](P& p) { p.limits.targets_max = 0; }},
      {"", [](P& p) { p.limits.targets_max = 1000; }},
      {"ProxyLimits::targets_max", [](P& p) { p.limits.targets_max = 1001; }},
  });
}

}  // namespace
}  // namespace kith::ua
