// Carries transactions between two endpoints, for exact counts of instructions and allocations, and
// of the bytes that transactions hold while they wait:
//   valgrind --tool=callgrind --toggle-collect='*measured*' transaction_count options 1
//   transaction_count held 1000000
// Measures: options, invite (180, 200 and ACK), both from datagram to datagram for both sides
// together; held: that many requests of ours without an answer.

#include <malloc.h>

#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "kith/base/random.h"
#include "kith/ua/endpoint.h"

namespace {

using namespace kith;

std::size_t allocations = 0;
std::size_t bytes_held = 0;

constexpr Time start = Time{} + 1'763'689'728s;

Flow path(std::uint16_t from, std::uint16_t to) {
  return {.id = from,
          .transport = Transport::udp,
          .local = *Address::parse_host("127.0.0.1", from),
          .remote = *Address::parse_host("127.0.0.1", to)};
}

sip::Message request(std::string_view method) {
  std::string text{method};
  text.append(" sip:bob@biloxi.example.com SIP/2.0\r\n")
      .append("From: Alice <sip:alice@atlanta.example.com>;tag=9fxced76sl\r\n")
      .append("To: Bob <sip:bob@biloxi.example.com>\r\n")
      .append("Call-ID: 3848276298220188511@atlanta.example.com\r\nCSeq: 1 ")
      .append(method)
      .append("\r\nMax-Forwards: 70\r\nContact: <sip:alice@client.atlanta.example.com>\r\n")
      .append("Content-Length: 0\r\n\r\n");
  return *sip::Message::parse(std::move(text));
}

struct Side {
  Side(std::uint64_t seed, Flow to_other, const ua::Config& config = {})
      : random(seed), endpoint(config, random), flow(to_other) {}

  SeededRandom random;
  ua::Endpoint endpoint;
  Flow flow;
  ua::TransactionId received{};
  std::optional<sip::Message> message;  // the last that was passed up

  /// What goes to the other, and what is passed up.
  void drain(Side& other) {
    while (std::optional<ua::Output> output = endpoint.poll()) {
      if (const auto* send = std::get_if<ua::Send>(&*output)) {
        other.endpoint.receive(other.flow, send->bytes, start);
      } else if (auto* notice = std::get_if<ua::Notice>(&*output)) {
        if (auto* request = std::get_if<ua::RequestReceived>(notice)) {
          received = request->transaction;
          message = std::move(request->request);
        } else if (auto* response = std::get_if<ua::ResponseReceived>(notice)) {
          message = std::move(response->response);
        }
      }
    }
  }
};

void answer(Side& callee, Side& caller, const sip::Message& asked, int status) {
  sip::Message response = sip::Message::response(asked, status);
  response.set_to_tag("8321234356");
  response.add("Contact", "<sip:bob@client.biloxi.example.com>");
  callee.endpoint.respond(callee.received, response, start);
  callee.drain(caller);
  caller.drain(callee);
}

void exchange(Side& caller, Side& callee, std::string_view measure) {
  const bool invite = measure == "invite";
  caller.endpoint.request(caller.flow, request(invite ? "INVITE" : "OPTIONS"), start);
  caller.drain(callee);
  callee.drain(caller);
  if (!callee.message || callee.message->method() != (invite ? "INVITE" : "OPTIONS")) std::abort();
  const sip::Message asked = *std::exchange(callee.message, std::nullopt);
  if (invite) answer(callee, caller, asked, 180);
  answer(callee, caller, asked, 200);
  if (!caller.message || caller.message->status() != 200) std::abort();
  if (!invite) return;
  caller.endpoint.send(caller.flow, request("ACK"));
  caller.drain(callee);
  callee.drain(caller);
}

/// What is counted; the first exchange is not, for it also binds the symbols of shared libraries.
[[gnu::noinline]] void measured(Side& caller, Side& callee, std::string_view measure) {
  exchange(caller, callee, measure);
}

int held(std::size_t count) {
  Side side(1, path(5060, 6060), {.limits = {.client_transactions_max = count}});
  std::size_t sent = 0;
  const std::size_t before = bytes_held;
  for (std::size_t i = 0; i < count; ++i) {
    side.endpoint.request(side.flow, request("OPTIONS"), start);
    while (const std::optional<ua::Output> output = side.endpoint.poll())
      if (const auto* send = std::get_if<ua::Send>(&*output)) sent += send->bytes.size();
  }
  if (side.endpoint.counts().client_transactions != count) std::abort();
  std::printf("held: %zu transactions, %zu bytes each besides the %zu of its message\n", count,
              (bytes_held - before - sent) / count, sent / count);
  return 0;
}

}  // namespace

void* operator new(std::size_t size) {
  void* const memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  ++allocations;
  bytes_held += malloc_usable_size(memory);
  return memory;
}
void operator delete(void* memory) noexcept {
  bytes_held -= malloc_usable_size(memory);
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }

int main(int argc, char** argv) {
  const std::string_view measure = argc == 3 ? argv[1] : "";
  if (measure != "options" && measure != "invite" && measure != "held") {
    std::fputs("usage: transaction_count options|invite|held COUNT\n", stderr);
    return 2;
  }
  const auto count = static_cast<std::size_t>(std::strtoull(argv[2], nullptr, 10));
  if (measure == "held") return held(count);
  Side caller(1, path(5060, 6060));
  Side callee(2, path(6060, 5060));
  exchange(caller, callee, measure);
  allocations = 0;
  for (std::size_t i = 0; i < count; ++i) measured(caller, callee, measure);
  std::printf("%s: %zu allocations\n", argv[1], allocations / count);
}
