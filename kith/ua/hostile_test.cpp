// Random bytes, damaged messages and odd times: an endpoint stays whole and forgets everything.

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "kith/ua/endpoint.h"

namespace kith::ua {
namespace {

constexpr std::array<std::string_view, 5> samples{
    "REGISTER sip:example.com SIP/2.0\r\n"
    "Via: SIP/2.0/tcp 127.0.0.1:40150;branch=z9hG4bK7054179190B1E104D60B\r\n"
    "From: <sip:alice@example.com>;tag=2002536044;epid=46b45a2a3940\r\n"
    "To: <sip:alice@example.com>\r\nMax-Forwards: 70\r\nCSeq: 1 REGISTER\r\n"
    "Call-ID: A645gC0B5aFCA5i9C7Dm0F48t8EA3b2BAFx0F2Bx\r\n"
    "ms-keep-alive: UAC;hop-hop=yes\r\nContent-Length: 0\r\n\r\n",
    "SERVICE sip:server.contoso.com;transport=tcp SIP/2.0\r\n"
    "Via: SIP/2.0/TCP 11.22.33.44:13684\r\nMax-Forwards: 70\r\n"
    "From: <sip:user1@server.contoso.com> ;tag=e6b525fb;epid=df527db094\r\n"
    "To: <sip:user1@server.contoso.com> ;tag=01C341BA\r\n"
    "Call-ID: b7c3b37ba4144a39a9bc82c224147f0c\r\nCSeq: 2 SERVICE\r\n"
    "Content-Type: application/SOAP+xml\r\nContent-Length: 5\r\n\r\n<a/>\n",
    "INVITE sip:bob@example.com SIP/2.0\r\n"
    "Via: SIP/2.0/UDP pc33.example.com;rport\r\nMax-Forwards: 70\r\n"
    "From: <sip:alice@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\n"
    "Call-ID: 3848276298220188511\r\nCSeq: 3 INVITE\r\nContent-Length: 0\r\n\r\n",
    "CANCEL sip:bob@example.com SIP/2.0\r\n"
    "Via: SIP/2.0/UDP pc33.example.com;rport\r\nMax-Forwards: 70\r\n"
    "From: <sip:alice@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\n"
    "Call-ID: 3848276298220188511\r\nCSeq: 3 CANCEL\r\nContent-Length: 0\r\n\r\n",
    "SIP/2.0 486 Busy Here\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK00.00\r\n"
    "From: <sip:alice@example.com>;tag=1\r\nTo: <sip:bob@example.com>;tag=2\r\n"
    "Call-ID: 3848276298220188511\r\nCSeq: 3 INVITE\r\nContent-Length: 0\r\n\r\n",
};

// The samples, and what a real client sent and received.
std::vector<std::string> messages() {
  std::vector<std::string> found{samples.begin(), samples.end()};
  const std::filesystem::path folder{KITH_SOURCE_DIR "/tests/data/sipe-captures"};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator{folder})
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  std::ranges::sort(files);
  for (const auto& file : files) {
    std::ifstream in{file, std::ios::binary};
    found.emplace_back(std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{});
  }
  return found;
}

class Storm {
 public:
  Storm(std::uint64_t seed, const std::vector<std::string>& known) : random_(seed), known_(known) {}

  void run() {
    for (int step = 0; step < 400; ++step) {
      blow();
      drain();
    }
    calm();
  }

 private:
  Flow flow() {
    Flow flow{.id = 1 + random_.below(4),
              .transport = Transport::udp,
              .local = Address::v4(192, 0, 2, 1, 5060),
              .remote = Address::v4(192, 0, 2, 2, 5060)};
    if (flow.id > 1) flow.transport = Transport::tcp;
    return flow;
  }

  std::string bytes() {
    if (!sent_.empty() && random_.below(4) == 0) return answer(sent_[random_.below(sent_.size())]);
    std::string text{known_[random_.below(known_.size())]};
    for (std::uint64_t damage = random_.below(4); damage > 0; --damage) {
      if (text.empty()) break;
      const std::size_t at = random_.below(text.size());
      switch (random_.below(4)) {
        case 0:
          text[at] = static_cast<char>(random_.below(256));
          break;
        case 1:
          text.erase(at, random_.below(40));
          break;
        case 2:
          text.insert(at, text.substr(random_.below(text.size()), random_.below(40)));
          break;
        default:
          text.resize(at);
      }
    }
    return text;
  }

  // What we sent, as the peer would answer it, or echoed.
  std::string answer(const std::string& sent) {
    constexpr std::array statuses{100, 180, 200, 302, 486, 699};
    const auto message = sip::Message::parse(sent);
    if (!message || !message->is_request()) return sent;
    return sip::Message::response(*message, statuses[random_.below(statuses.size())]).write();
  }

  sip::Message outgoing() {
    constexpr std::array<std::string_view, 2> methods{"INVITE", "NOTIFY"};
    const std::string_view method = methods[random_.below(2)];
    sip::Message message = sip::Message::request(method, "sip:bob@example.com");
    message.add("From", "<sip:alice@example.com>;tag=1");
    message.add("To", "<sip:bob@example.com>");
    message.add("Call-ID", "1");
    message.add("CSeq", "1 " + std::string{method});
    return message;
  }

  void blow() {
    switch (random_.below(12)) {
      case 0:
        return endpoint_.opened(flow(), now_);
      case 1:
        if (random_.below(4) == 0) endpoint_.closed(flow(), {}, now_);
        return;
      case 2:
        now_ += Duration{1ms} * random_.below(1U << random_.below(15));
        return endpoint_.tick(now_);
      case 3:
        asked_.push_back(endpoint_.request(flow(), outgoing(), now_));
        return;
      case 4:
        if (!asked_.empty()) endpoint_.cancel(asked_[random_.below(asked_.size())], now_);
        return;
      case 5:
        if (random_.below(8) == 0) endpoint_.close(flow());
        return;
      case 6:
        return endpoint_.authenticated(flow());
      default:
        return endpoint_.receive(flow(), bytes(), now_);
    }
  }

  void drain() {
    while (auto output = endpoint_.poll()) {
      if (const auto* send = std::get_if<Send>(&*output); send && send->bytes != "\r\n") {
        REQUIRE(sip::Message::parse(send->bytes, Mode::lenient).has_value());
        if (sent_.size() < 64) sent_.push_back(send->bytes);
      }
      const auto* notice = std::get_if<Notice>(&*output);
      const auto* request = notice ? std::get_if<RequestReceived>(notice) : nullptr;
      if (request != nullptr && random_.below(3) > 0)
        endpoint_.respond(request->transaction,
                          sip::Message::response(request->request, random_.below(2) ? 200 : 404),
                          now_);
    }
  }

  // All timers run, and then nothing is left.
  void calm() {
    while (endpoint_.next_deadline() != never) {
      now_ = std::max(now_, endpoint_.next_deadline());
      endpoint_.tick(now_);
      drain();
    }
    CHECK(endpoint_.counts() == Counts{});
  }

  SeededRandom random_;
  const std::vector<std::string>& known_;
  Time now_ = Time{} + 1'763'689'728s;
  Endpoint endpoint_{{}, random_};
  std::vector<std::string> sent_;
  std::vector<TransactionId> asked_;
};

}  // namespace

TEST_CASE("whatever comes in, an endpoint stays whole, and nothing stays when time has passed") {
  const std::vector<std::string> known = messages();
  REQUIRE(known.size() > samples.size());
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    Storm{seed, known}.run();
  }
}

}  // namespace kith::ua
