// Carries transactions between two endpoints, for exact counts of instructions and allocations, and
// of the bytes that transactions hold while they wait:
//   valgrind --tool=callgrind --toggle-collect='*measured*' transaction_count options 1000
//   valgrind --tool=callgrind --toggle-collect='*carried*' transaction_count options 1000
//   transaction_count held 1000000
// Measures:
//   options, invite (180, 200 and ACK): both sides together; measured is all that the endpoints do,
//     carried is that, the application's making of the responses, and what takes from one to the
//     other. The application has made its requests before;
//   timers: each of so many waiting transactions has sent its request again, once;
//   held: so many requests of ours without an answer, each to another peer;
//   held-invite: the same of INVITEs, which have had a 180;
//   served: so many requests of peers, each another one, answered, that may come again;
//   served-invite: so many INVITEs of peers that have had a 180.

#include <malloc.h>

#include <cstdio>
#include <cstdlib>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "kith/base/random.h"
#include "kith/transaction/transactions.h"
#include "kith/ua/endpoint.h"

namespace {

using namespace kith;

std::size_t allocations = 0;
std::size_t of_endpoints = 0;  // of these

/// What the endpoints allocate as long as it lives.
struct Counting {
  std::size_t before = allocations;

  Counting() = default;
  Counting(const Counting&) = delete;
  Counting& operator=(const Counting&) = delete;
  ~Counting() { of_endpoints += allocations - before; }
};

constexpr Time start = Time{} + 1'763'689'728s;

Flow path(std::uint16_t from, std::uint16_t to) {
  return {.id = from,
          .transport = Transport::udp,
          .local = *Address::parse_host("127.0.0.1", from),
          .remote = *Address::parse_host("127.0.0.1", to)};
}

std::string request_text(std::string_view method) {
  std::string text{method};
  text.append(" sip:bob@biloxi.example.com SIP/2.0\r\n")
      .append("From: Alice <sip:alice@atlanta.example.com>;tag=9fxced76sl\r\n")
      .append("To: Bob <sip:bob@biloxi.example.com>\r\n")
      .append("Call-ID: 3848276298220188511@atlanta.example.com\r\nCSeq: 1 ")
      .append(method)
      .append("\r\nMax-Forwards: 70\r\nContact: <sip:alice@client.atlanta.example.com>\r\n")
      .append("Content-Length: 0\r\n\r\n");
  return text;
}

sip::Message request(std::string_view method) { return *sip::Message::parse(request_text(method)); }

/// What the caller's application has made.
struct Requests {
  explicit Requests(std::string_view measure)
      : first(request(measure == "invite" ? "INVITE" : "OPTIONS")) {
    if (measure == "invite") ack = request("ACK");
  }

  sip::Message first;
  std::optional<sip::Message> ack;
};

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
    while (std::optional<ua::Output> output = measured_poll()) {
      if (const auto* send = std::get_if<ua::Send>(&*output)) {
        other.measured_receive(send->bytes);
      } else if (auto* notice = std::get_if<ua::Notice>(&*output)) {
        if (auto* request = std::get_if<ua::RequestReceived>(notice)) {
          received = request->transaction;
          message = std::move(request->request);
        } else if (auto* response = std::get_if<ua::ResponseReceived>(notice)) {
          message = std::move(response->response);
        } else if (auto* acknowledged = std::get_if<ua::AckReceived>(notice)) {
          message = std::move(acknowledged->ack);
        }
      }
    }
  }

  [[gnu::noinline]] void measured_request(sip::Message& request) {
    const Counting counting;
    endpoint.request(flow, std::move(request), start);
  }
  [[gnu::noinline]] void measured_send(sip::Message& request) {
    const Counting counting;
    endpoint.send(flow, std::move(request));
  }
  [[gnu::noinline]] void measured_receive(std::string_view bytes) {
    const Counting counting;
    endpoint.receive(flow, bytes, start);
  }
  [[gnu::noinline]] void measured_respond(const sip::Message& response) {
    const Counting counting;
    endpoint.respond(received, response, start);
  }
  [[gnu::noinline]] std::optional<ua::Output> measured_poll() {
    const Counting counting;
    return endpoint.poll();
  }
};

void answer(Side& callee, Side& caller, const sip::Message& asked, int status) {
  sip::Message response = sip::Message::response(asked, status);
  response.set_to_tag("8321234356");
  response.add("Contact", "<sip:bob@client.biloxi.example.com>");
  callee.measured_respond(response);
  callee.drain(caller);
  caller.drain(callee);
}

[[gnu::noinline]] void carried(Side& caller, Side& callee, Requests& requests) {
  const std::string method{requests.first.method()};
  caller.measured_request(requests.first);
  caller.drain(callee);
  callee.drain(caller);
  if (!callee.message || callee.message->method() != method) std::abort();
  const sip::Message asked = *std::exchange(callee.message, std::nullopt);
  if (requests.ack) answer(callee, caller, asked, 180);
  answer(callee, caller, asked, 200);
  if (!caller.message || caller.message->status() != 200) std::abort();
  if (!requests.ack) return;
  caller.measured_send(*requests.ack);
  caller.drain(callee);
  callee.drain(caller);
  if (!callee.message || callee.message->method() != "ACK") std::abort();
}

int count_exchanges(std::string_view measure, std::size_t count) {
  Side caller(1, path(5060, 6060));
  Side callee(2, path(6060, 5060));
  std::size_t counted = 0;
  of_endpoints = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Requests requests(measure);
    allocations = 0;
    carried(caller, callee, requests);
    counted += allocations;
  }
  // Tables grow now and then, so these are no whole numbers.
  std::printf("%.*s: %zu allocations, %zu carried\n", static_cast<int>(measure.size()),
              measure.data(), (of_endpoints + count / 2) / count, (counted + count / 2) / count);
  return 0;
}

struct Silent final : transaction::Listener {
  std::size_t sent = 0;
  void send(const Flow&, const std::string&) override { ++sent; }
  void ended(transaction::TransactionId, transaction::Ending, std::error_code) override {
    std::abort();
  }
};

[[gnu::noinline]] void measured(transaction::Transactions& transactions, Time until) {
  for (Time now = start; now <= until; now += 1ms)
    while (transactions.fire(now)) {
    }
}

/// They begin one after the other within T1, and so do their retransmissions.
int count_timers(std::size_t count) {
  Silent listener;
  const transaction::HashKey secret{};
  transaction::Transactions transactions({}, secret, listener);
  for (std::size_t i = 0; i < count; ++i) {
    const Time begun = start + 499ms * static_cast<int>(i) / static_cast<int>(count);
    transactions.begin({.kind = transaction::Kind::client_other,
                        .key = transaction::client_key(std::to_string(i), "OPTIONS"),
                        .flow = path(5060, 6060),
                        .bytes = "OPTIONS"},
                       begun);
  }
  allocations = 0;
  measured(transactions, start + 1s);
  if (listener.sent != 2 * count) std::abort();
  std::printf("timers: %zu allocations\n", allocations);
  return 0;
}

Flow peer(std::size_t i) {
  Flow flow = path(5060, 6060);
  flow.remote.ip[15] = static_cast<std::uint8_t>(i);
  flow.remote.ip[14] = static_cast<std::uint8_t>(i >> 8U);
  flow.remote.ip[13] = static_cast<std::uint8_t>(i >> 16U);
  return flow;
}

std::size_t bytes_in_use() {
  const auto memory = mallinfo2();
  return memory.uordblks + memory.hblkhd;
}

/// Transactions of one endpoint, each with another peer.
class Waiting {
 public:
  Waiting(std::string_view method, int status, std::size_t count)
      : method_(method), status_(status), side_(1, path(5060, 6060), config(count)) {}

  /// A request of ours, and what came for it: nothing for status 0.
  void ask(std::size_t i) {
    side_.endpoint.request(peer(i), request(method_), start);
    const std::string sent = drain();
    if (status_ == 0) return;
    side_.endpoint.receive(peer(i), answer_to(*sip::Message::parse(sent)).write(), start);
    drain();
  }
  /// A request of a peer, and what we said.
  void serve(std::size_t i) {
    const std::string via =
        "Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK01." + std::to_string(100'000'000 + i);
    std::string text = request_text(method_);
    side_.endpoint.receive(peer(i), text.insert(text.find("From:"), via + ";rport\r\n"), start);
    drain();
  }
  /// Bytes of messages that may have to be sent again.
  std::size_t sent() const { return sent_; }
  std::size_t count() const {
    const ua::Counts counts = side_.endpoint.counts();
    return counts.client_transactions + counts.server_transactions;
  }

 private:
  static ua::Config config(std::size_t count) {
    return {.limits = {.server_transactions_max = count, .client_transactions_max = count}};
  }
  sip::Message answer_to(const sip::Message& asked) const {
    sip::Message response = sip::Message::response(asked, status_);
    response.set_to_tag("8321234356");
    return response;
  }
  std::string drain() {
    std::string last;
    while (std::optional<ua::Output> output = side_.endpoint.poll()) {
      if (auto* send = std::get_if<ua::Send>(&*output)) {
        last = std::move(send->bytes);
      } else if (const auto* notice = std::get_if<ua::Notice>(&*output)) {
        const auto* came = std::get_if<ua::RequestReceived>(notice);
        if (came != nullptr)
          side_.endpoint.respond(came->transaction, answer_to(came->request), start);
      }
    }
    sent_ += last.size();
    return last;
  }

  std::string_view method_;
  int status_;
  Side side_;
  std::size_t sent_ = 0;
};

int hold(std::string_view measure, std::size_t count) {
  const bool invite = measure.ends_with("-invite");
  const bool ours = measure.starts_with("held");
  const int final_status = ours ? 0 : 200;
  Waiting waiting(invite ? "INVITE" : "OPTIONS", invite ? 180 : final_status, count);
  const std::size_t before = bytes_in_use();
  for (std::size_t i = 0; i < count; ++i) ours ? waiting.ask(i) : waiting.serve(i);
  const std::size_t bytes = bytes_in_use() - before - waiting.sent();
  if (waiting.count() != count) std::abort();
  std::printf("%.*s: %zu transactions, %zu bytes each besides the %zu of its message, %zu MB\n",
              static_cast<int>(measure.size()), measure.data(), count, bytes / count,
              waiting.sent() / count, bytes / 1'000'000);
  return 0;
}

}  // namespace

void* operator new(std::size_t size) {
  void* const memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  ++allocations;
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

int main(int argc, char** argv) {
  const std::string_view measure = argc == 3 ? argv[1] : "";
  const std::size_t count = argc == 3 ? std::strtoull(argv[2], nullptr, 10) : 0;
  if (count != 0) {
    if (measure == "options" || measure == "invite") return count_exchanges(measure, count);
    if (measure == "timers") return count_timers(count);
    if (measure == "held" || measure == "served" || measure == "held-invite" ||
        measure == "served-invite")
      return hold(measure, count);
  }
  std::fputs("usage: transaction_count options|invite|timers|held[-invite]|served[-invite] COUNT\n",
             stderr);
  return 2;
}
