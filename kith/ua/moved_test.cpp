#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "kith/ua/new_request.h"
#include "kith/ua/proxy.h"
#include "kith/ua/testing/line.h"

namespace kith::ua {
namespace {

Flow path(std::uint16_t from, std::uint16_t to) {
  return {.id = from,
          .transport = Transport::udp,
          .local = *Address::parse_host("127.0.0.1", from),
          .remote = *Address::parse_host("127.0.0.1", to)};
}

/// A call over TCP, and what alice has sent and over which connection.
struct Call {
  testing::Line line{};
  UserAgent& alice = line.alice.agent;
  Flow first = line.alice.flow;
  Flow second{};
  DialogId dialog{};

  Call() {
    first.transport = Transport::tcp;
    second = first;
    second.id = first.id + 1;
    second.local.port = 40'001;  // not what the Via of what moves says
    alice.opened(first, line.now);
    alice.opened(second, line.now);
    auto invite = new_request("INVITE", "sip:alice@a.example", "sip:bob@b.example", random);
    invite.add("Contact", "<sip:alice@127.0.0.1>");
    alice.request(first, std::move(invite), line.now);
    answer(sent().front(), first);
    dialog = *line.alice.last<Response>().dialog;
    REQUIRE(alice.ack(dialog, line.now));
    sent();
  }
  std::vector<Send> sent() {
    std::vector<Send> all;
    while (std::optional<AgentOutput> output = alice.poll()) {
      if (const auto* send = std::get_if<Send>(&*output)) all.push_back(*send);
      if (const auto* event = std::get_if<Event>(&*output)) line.alice.events.push_back(*event);
    }
    return all;
  }
  void answer(const Send& request, const Flow& over) {
    auto response = sip::Message::response(*sip::Message::parse(request.bytes), 200);
    if (!response.text("To").contains("tag=")) response.set_to_tag("b");
    response.add("Contact", "<sip:bob@127.0.0.1>");
    alice.receive(over, response.write(), line.now);
    sent();
  }
  Send send(std::string_view method) {
    CHECK(alice.send(dialog, *alice.draft(dialog, method), line.now));
    return sent().front();
  }

  SeededRandom random{1};
};

TEST_CASE("RFC 3261 §18.4: a request that moved is answered, and its dialog goes on there") {
  Call call;
  const Send info = call.send("INFO");
  CHECK(info.flow.id == call.first.id);
  call.alice.moved(call.first, call.second, info.bytes);
  call.alice.closed(call.first, {}, call.line.now);
  call.sent();
  CHECK(call.line.alice.all<TransactionEnded>().empty());
  call.answer(info, call.second);
  CHECK(call.line.alice.last<Response>().message.status() == 200);
  CHECK(call.send("BYE").flow.id == call.second.id);
}

TEST_CASE("RFC 3261 §18.4: what is no request of the connection that broke moves nothing") {
  Call call;
  const Send info = call.send("INFO");
  const Flow other = path(7, 8);
  const std::string response = "SIP/2.0 200 OK\r\n" + info.bytes.substr(info.bytes.find('\n') + 1);
  for (const std::string& bytes : {std::string{"INFO\r\n\r\n"}, std::string{}, response})
    call.alice.moved(call.first, call.second, bytes);
  call.alice.moved(other, call.second, info.bytes);
  call.alice.closed(call.first, {}, call.line.now);
  call.sent();
  CHECK(call.line.alice.last<TransactionEnded>().why == Ending::transport_error);
}

TEST_CASE("RFC 3261 §18.4: what a proxy forwarded moves, too") {
  SeededRandom random{1};
  Proxy proxy({}, random);
  const Flow caller = path(5060, 6050);
  Flow first = path(5060, 7050);
  first.transport = Transport::tcp;
  Flow second = first;
  second.id = 9;
  proxy.opened(first, testing::start);
  proxy.opened(second, testing::start);
  auto options = new_request("OPTIONS", "sip:alice@a.example", "sip:bob@b.example", random);
  options.prepend("Via", "SIP/2.0/UDP 127.0.0.1:6050;branch=z9hG4bKa");
  proxy.receive(caller, options.write(), testing::start);
  std::vector<Send> sent;
  std::optional<TransactionId> asked;
  const auto drain = [&] {
    while (std::optional<ProxyOutput> output = proxy.poll()) {
      if (const auto* send = std::get_if<Send>(&*output)) sent.push_back(*send);
      const auto* event = std::get_if<ProxyEvent>(&*output);
      if (event == nullptr) continue;
      if (const auto* request = std::get_if<ProxyRequest>(event)) asked = request->transaction;
    }
  };
  drain();
  REQUIRE(asked);
  REQUIRE(proxy.forward(*asked, {{.flow = first}}, testing::start));
  drain();
  REQUIRE(sent.size() == 1);
  proxy.moved(first, second, sent.front().bytes);
  proxy.closed(first, {}, testing::start);
  drain();
  CHECK(sent.size() == 1);  // nobody has been told that it could not be sent
  const auto answer = sip::Message::response(*sip::Message::parse(sent.front().bytes), 200);
  proxy.receive(second, answer.write(), testing::start);
  drain();
  REQUIRE(sent.size() == 2);
  CHECK(sent.back().flow.id == caller.id);
}

}  // namespace
}  // namespace kith::ua
