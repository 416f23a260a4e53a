// An Endpoint that anything may happen to: the input is a play, one byte says what comes next.

#include "kith/ua/endpoint.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <string>
#include <system_error>
#include <variant>

#include "fuzz/target.h"
#include "kith/base/overloaded.h"
#include "kith/base/random.h"

using namespace kith;

namespace {

constexpr std::string_view invite =
    "INVITE sip:b@b.example SIP/2.0\r\n"
    "From: <sip:a@a.example>;tag=1\r\n"
    "To: <sip:b@b.example>\r\n"
    "Call-ID: 1\r\n"
    "CSeq: 1 INVITE\r\n"
    "Max-Forwards: 70\r\n"
    "Content-Length: 0\r\n\r\n";
constexpr std::size_t kept_max = 64;  // of messages and transactions to go back to

Flow flow_of(std::uint8_t which) {
  constexpr std::array transports{Transport::udp, Transport::tcp, Transport::tls, Transport::tcp};
  return {.id = 1U + which % 4U,
          .transport = transports[which % 4U],
          .local = Address::v4(192, 0, 2, 1, 5060),
          .remote = Address::v4(192, 0, 2, 2, 5062)};
}

class Play {
 public:
  explicit Play(fuzz::Input input) : input_(input) {}

  void run() {
    while (!input_.empty()) {
      step(input_.byte());
      drain();
    }
    finish();
  }

 private:
  void step(std::uint8_t what) {
    const Flow flow = flow_of(what >> 4U);
    switch (what % 12U) {
      case 0:
        return endpoint_.opened(flow, now_);
      case 1:
        return endpoint_.closed(flow, std::make_error_code(std::errc::connection_reset), now_);
      case 2:
        now_ += std::chrono::milliseconds{input_.two_bytes()};
        return endpoint_.tick(now_);
      case 3:
        return respond(input_.byte(), input_.two_bytes());
      case 4:
        return request(flow, input_.byte());
      case 5:
        if (!ours_.empty()) endpoint_.cancel(ours_[input_.byte() % ours_.size()], now_);
        return;
      case 6:
        if (!theirs_.empty()) endpoint_.forget(theirs_[input_.byte() % theirs_.size()].id);
        return;
      case 7:
        return endpoint_.authenticated(flow);
      case 8:
        return endpoint_.close(flow);
      case 9:
        return answer_sent(flow, input_.two_bytes());
      case 10:
        return endpoint_.receive(flow, input_.take(input_.two_bytes() % 4096U), now_);
      default:
        return endpoint_.receive(flow, input_.take(line_length()), now_);
    }
  }

  /// Up to the next empty line: most of what is found in a corpus is whole messages.
  std::size_t line_length() const {
    const std::size_t end = input_.rest().find("\r\n\r\n");
    return end == std::string_view::npos ? input_.rest().size() : end + 4;
  }

  void respond(std::uint8_t which, std::uint16_t status) {
    if (theirs_.empty()) return;
    const Waiting& waiting = theirs_[which % theirs_.size()];
    sip::Message response = sip::Message::response(waiting.request, 100 + status % 600);
    response.set_to_tag("x");
    endpoint_.respond(waiting.id, response, now_);
  }

  void request(const Flow& flow, std::uint8_t kind) {
    Result<sip::Message> request = sip::Message::parse(std::string{invite});
    if (kind % 2U != 0) {
      request = sip::Message::request("OPTIONS", "sip:b@b.example");
      request->add("CSeq", "1 OPTIONS");
    }
    if (kind % 8U == 2)
      endpoint_.send(flow, *request);
    else
      keep(ours_, endpoint_.request(flow, *request, now_));
  }

  /// As a peer that answers what was sent to it would, with the branch that it has seen.
  void answer_sent(const Flow& flow, std::uint16_t status) {
    if (sent_.empty()) return;
    const Result<sip::Message> request = sip::Message::parse(sent_[status % sent_.size()]);
    if (!request || !request->is_request()) return;
    sip::Message response = sip::Message::response(*request, 100 + status % 600);
    response.set_to_tag("y");
    endpoint_.receive(flow, response.write(), now_);
  }

  void drain() {
    for (std::size_t count = 0;; ++count) {
      ensure(count < outputs_max);  // it falls silent
      std::optional<ua::Output> output = endpoint_.poll();
      if (!output) break;
      std::visit(Overloaded{
                     [this](ua::Send& send) { keep(sent_, std::move(send.bytes)); },
                     [](ua::Close&) {},
                     [this](ua::Notice& notice) { take(notice); },
                 },
                 *output);
    }
    ensure(endpoint_.counts().outputs == 0);
  }

  void take(ua::Notice& notice) {
    if (auto* received = std::get_if<ua::RequestReceived>(&notice))
      keep(theirs_, Waiting{received->transaction, std::move(received->request)});
    if (auto* received = std::get_if<ua::ResponseReceived>(&notice))
      ensure(!received->response.is_request());
  }

  /// When nobody says anything any more, every transaction ends.
  void finish() {
    for (int i = 0; i < 4096 && endpoint_.next_deadline() != never; ++i) {
      now_ = std::max(now_, endpoint_.next_deadline());
      endpoint_.tick(now_);
      drain();
    }
    ensure(endpoint_.next_deadline() == never);
    ensure(endpoint_.counts().client_transactions == 0);
    ensure(endpoint_.counts().server_transactions == 0);
  }

  template <class T>
  static void keep(std::deque<T>& in, T what) {
    in.push_back(std::move(what));
    if (in.size() > kept_max) in.pop_front();
  }

  static constexpr std::size_t outputs_max = 100'000;

  struct Waiting {
    transaction::TransactionId id;
    sip::Message request;
  };

  fuzz::Input input_;
  SeededRandom random_{1};
  ua::Endpoint endpoint_{ua::Config{}, random_};
  Time now_{std::chrono::hours{1}};
  std::deque<Waiting> theirs_;
  std::deque<transaction::TransactionId> ours_;
  std::deque<std::string> sent_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Play{fuzz::Input(data, size)}.run();
  return 0;
}
