// What is asked of the reference implementation under load: bounds that hold, memory that stays
// flat.

#include <malloc.h>

#include <cstdlib>

#include "tests/jain/tck/net.h"

extern "C" {
// Where a sanitizer has the heap it says itself how much of that is in use.
[[gnu::weak]] std::size_t
__sanitizer_get_current_allocated_bytes();  // NOLINT(bugprone-reserved-identifier)
}

namespace kith::ua::tck {
namespace {

std::size_t heap_size_bytes() {
  if (&__sanitizer_get_current_allocated_bytes != nullptr)
    return __sanitizer_get_current_allocated_bytes();
  const struct mallinfo2 memory = mallinfo2();
  return memory.uordblks + memory.hblkhd;
}

/// Alice asks so many times at once, each in a call of its own.
void ask_often(Call& call, std::string_view method, std::string_view extra, std::string_view name,
               int times) {
  for (int i = 0; i < times; ++i) {
    const std::string call_id = std::string{name} + std::to_string(i);
    const Asking asking{.method = method, .extra = extra, .call_id = call_id};
    call.alice.agent.request(call.net.flow(call.alice, call.bob),
                             request_of(call.alice, call.bob, asking), call.net.now);
  }
  call.net.settle();
}

TEST_CASE("StackQueueCongestionControlTest: who is slow takes no more than its bound, or all") {
  struct Row {
    std::size_t most;
    bool says_503;
    int taken;
    int refused;
  };
  for (const Row& row : {Row{10, true, 10, 20}, Row{10, false, 10, 0}, Row{1000, true, 30, 0}})
    over_both([row](Transport transport) {
      CAPTURE(row.most);
      CAPTURE(row.says_503);
      UserAgentConfig config;
      config.endpoint.limits.server_transactions_max = row.most;
      config.endpoint.answers_503 = row.says_503;
      Call call(transport, {}, config);
      ask_often(call, "INVITE", {}, "c", 30);
      const std::vector<Request> taken = call.bob.all<Request>();
      REQUIRE(taken.size() == static_cast<std::size_t>(row.taken));
      CHECK(call.alice.response_count(503) == row.refused);
      for (const Request& each : taken) REQUIRE(call.try_answer(call.bob, each, 200));
      CHECK(call.alice.response_count(200) == row.taken);
      for (const Response& each : call.alice.all<Response>())
        if (each.message.status() == 200) CHECK(call.alice.agent.ack(*each.dialog, call.net.now));
      call.net.settle();
      int acknowledged = 0;
      for (const Ack& each : call.bob.all<Ack>())
        acknowledged += each.dialog && !each.repeated ? 1 : 0;
      CHECK(acknowledged == row.taken);
    });
}

constexpr int calls_at_once = 24;
constexpr int subscriptions_at_once = 12;

/// Bob takes two calls of three, and every subscription; Alice hangs up when all of them stand.
struct Busy : Call {
  explicit Busy(Transport transport) : Call(transport) {
    bob.on_event = [this](const Event& event) { bob_hears(event); };
    alice.on_event = [this](const Event& event) { alice_hears(event); };
  }
  std::vector<DialogId> calls{};
  std::vector<DialogId> watchers{};
  int refused = 0;

  void bob_hears(const Event& event) {
    const auto* request = std::get_if<Request>(&event);
    if (request == nullptr) return;
    const bool invite = request->message.method() == "INVITE";
    if (invite && ++invites_ % 3 == 0) return reply(bob, *request, 486);
    if (invite) reply(bob, *request, 180);
    reply(bob, *request, 200);
    if (request->message.method() != "SUBSCRIBE") return;
    watchers.push_back(*bob.agent.dialog_of(request->transaction));
    notify(watchers.back(), "active;expires=600");
  }
  void alice_hears(const Event& event) {
    if (const auto* notified = std::get_if<Request>(&event)) reply(alice, *notified, 200);
    const auto* response = std::get_if<Response>(&event);
    if (response == nullptr || response->message.text("CSeq") != "1 INVITE") return;
    refused += response->message.status() == 486 ? 1 : 0;
    if (response->message.status() != 200) return;
    REQUIRE(alice.agent.ack(*response->dialog, net.now));
    calls.push_back(*response->dialog);
  }
  void reply(Node& node, const Request& request, int status) {
    sip::Message response = response_of(node, request, status);
    if (request.message.method() == "SUBSCRIBE") response.add("Expires", "600");
    REQUIRE(node.agent.respond(request.transaction, std::move(response), net.now));
  }
  void notify(DialogId id, std::string_view state) {
    sip::Message request = *bob.agent.draft(id, "NOTIFY");
    request.add("Event", "presence");
    request.add("Subscription-State", state);
    request.add("Contact", bob.contact());
    REQUIRE(bob.agent.send(id, std::move(request), net.now));
  }
  /// All of it at once, to its end; how much of the heap is in use then.
  std::size_t round(const std::string& name) {
    ask_often(*this, "INVITE", {}, name + "i", calls_at_once);
    ask_often(*this, "SUBSCRIBE", "Event: presence\r\nExpires: 600\r\n", name + "s",
              subscriptions_at_once);
    CHECK(calls.size() == calls_at_once * 2 / 3);
    CHECK(refused == calls_at_once / 3);
    CHECK(alice.agent.counts().dialogs == calls.size() + watchers.size());
    CHECK(bob.agent.counts().dialogs == calls.size() + watchers.size());
    for (const DialogId id : calls)
      REQUIRE(alice.agent.send(id, *alice.agent.draft(id, "BYE"), net.now));
    for (const DialogId id : watchers) notify(id, "terminated;reason=noresource");
    net.wait(120s);
    for (Node* const node : {&alice, &bob}) {
      AgentCounts counts = node->agent.counts();
      counts.endpoint.connections = 0;
      CHECK(counts == AgentCounts{});
      node->events.clear();
      node->sent.clear();
    }
    calls.clear();
    watchers.clear();
    refused = 0;
    return heap_size_bytes();
  }

 private:
  int invites_ = 0;
};

TEST_CASE("load: round after round of calls, subscriptions and refusals takes no more memory") {
  over_both([](Transport transport) {
    Busy busy(transport);
    std::size_t before = 0;
    for (int i = 0; i < 2; ++i) before = busy.round("w" + std::to_string(i));
    std::size_t after = 0;
    for (int i = 0; i < 5; ++i) after = busy.round("r" + std::to_string(i));
    // Of 180 requests: a hundred bytes for each would be seen.
    CHECK(after < before + 18'000);
  });
}

}  // namespace
}  // namespace kith::ua::tck
