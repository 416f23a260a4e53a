#include <doctest/doctest.h>
#include <sys/time.h>

#include <array>
#include <chrono>
#include <future>
#include <memory>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include "kith/net/test_peer.h"
#include "kith/sip/framer.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/message.h"
#include "server/shard/shard.h"
#include "server/store/memory/memory_store.h"

namespace kith::server {
namespace {

constexpr std::size_t mailbox_max = 4;
/// What comes in one chunk is cut and passed on; the next chunk is not read.
constexpr std::size_t chunk_bytes = 64 * 1024;

/// Two shards that stop reading early, and the second one's thread, which can be held.
struct Shards {
  store::MemoryStore store;
  store::Writer writer{store};
  service::Settings settings;
  std::vector<std::unique_ptr<Shard>> shards;
  std::vector<std::thread> threads;
  Address tcp;
  Address udp;
  std::binary_semaphore held{0};
  std::binary_semaphore allowed{0};

  Shards() {
    settings.domains = {"example.com"};
    settings.host = settings.realm.fqdn = "lcs.example.com";
    const Common common{.settings = settings,
                        .endpoint = {},
                        .network = {},
                        .writer = writer,
                        .acceptor = nullptr,
                        .hash_key = std::vector<std::uint8_t>(16, 7),
                        .halt = [](const std::string&) {},
                        .mailbox_max = mailbox_max};
    for (std::uint8_t i = 0; i < 2; ++i)
      shards.push_back(std::make_unique<Shard>(i, common, store.reader().value()));
    for (const std::unique_ptr<Shard>& shard : shards)
      shard->know({shards[0].get(), shards[1].get()});
    tcp = shards[0]->listen(Transport::tcp, net::loopback, {}).value();
    udp = shards[0]->listen(Transport::udp, net::loopback, {}).value();
    for (const std::unique_ptr<Shard>& shard : shards)
      threads.emplace_back([&shard = *shard] { shard.run(); });
  }
  ~Shards() {
    allowed.release();
    for (const std::unique_ptr<Shard>& shard : shards) shard->stop();
    for (std::thread& thread : threads) thread.join();
    writer.finish();
  }
  Shards(const Shards&) = delete;
  Shards& operator=(const Shards&) = delete;

  /// Returns when the second shard does nothing any more.
  void hold() {
    shards[1]->ask_user(sip::Aor{"nobody@example.com"}, [this](const auto&) {
      held.release();
      allowed.acquire();
    });
    held.acquire();
  }
  void let_go() { allowed.release(); }

  std::string user_of(std::size_t shard) const {
    int i = 0;
    while (shards[0]->owner_of(sip::Aor{"u" + std::to_string(i) + "@example.com"}) != shard) ++i;
    return "u" + std::to_string(i);
  }
  /// Requests that the first shard has read and not answered.
  std::size_t under_way() const {
    std::promise<std::size_t> answer;
    shards[0]->ask_statistics([&answer](const ShardStatistics& statistics) {
      answer.set_value(statistics.endpoint.server_transactions);
    });
    return answer.get_future().get();
  }
  /// The same, once there are more than that, and it grows no more.
  std::size_t under_way_at_last(std::size_t more_than) const {
    std::size_t before = 0;
    for (std::size_t now = under_way(); now <= more_than || now != before; now = under_way()) {
      before = now;
      // Waits: that nothing more is read shows only in time.
      std::this_thread::sleep_for(200ms);
    }
    return before;
  }
};

std::string request(const std::string& user, Transport transport, std::size_t number = 1) {
  const std::string count = std::to_string(number);
  return "OPTIONS sip:example.com SIP/2.0\r\nVia: SIP/2.0/" + std::string(to_string(transport)) +
         " 127.0.0.1;rport;branch=z9hG4bK" + user + "-" + count +
         "\r\nMax-Forwards: 70\r\nFrom: <sip:" + user +
         "@example.com>;tag=1\r\nTo: <sip:example.com>\r\nCall-ID: " + user + "\r\nCSeq: " + count +
         " OPTIONS\r\nContent-Length: 0\r\n\r\n";
}

struct Peer {
  net::Raw raw;
  sip::Framer framer;

  Peer(const Address& to, int type) : raw(to, type) { REQUIRE(raw.connect(to)); }

  std::string bytes(Duration patience) const {
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(patience).count();
    const timeval limit{.tv_sec = us / 1'000'000, .tv_usec = us % 1'000'000};
    ::setsockopt(raw.fd.number(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    std::string chunk(16 * 1024, '\0');
    const ssize_t size = ::recv(raw.fd.number(), chunk.data(), chunk.size(), 0);
    chunk.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return chunk;
  }
  /// The next answer on a stream.
  sip::Message answer() {
    while (true) {
      if (const auto frame = framer.next())
        return sip::Message::parse(frame->value().bytes).value();
      const std::string more = bytes(20s);
      REQUIRE_FALSE(more.empty());
      framer.push(more);
    }
  }
};

}  // namespace

TEST_CASE("a full mailbox: the sender reads no stream until there is room, and nothing is lost") {
  Shards house;
  const std::string far = house.user_of(1);
  house.hold();
  Peer flood(house.tcp, SOCK_STREAM);
  constexpr std::size_t count = 4000;
  std::future<void> sent = std::async(std::launch::async, [&flood, &far] {
    for (std::size_t i = 1; i <= count; ++i) flood.raw.send(request(far, Transport::tcp, i));
  });
  const std::size_t read = house.under_way_at_last(mailbox_max);
  CHECK(read <= mailbox_max + chunk_bytes / request(far, Transport::tcp).size() + 1);
  // No other stream of that shard is read either, whoever its requests are for.
  Peer other(house.tcp, SOCK_STREAM);
  REQUIRE(other.raw.send(request(house.user_of(0), Transport::tcp)));
  CHECK(other.bytes(300ms).empty());
  CHECK(house.under_way() == read);
  house.let_go();
  for (std::uint32_t i = 1; i <= count; ++i) {
    const sip::Message answer = flood.answer();
    CHECK(answer.status() == 401);
    CHECK(answer.get<sip::CSeq>().value()->sequence == i);
  }
  CHECK(other.answer().status() == 401);
  sent.get();
}

TEST_CASE("a full mailbox: a datagram cannot wait, and is answered 503 once") {
  Shards house;
  const std::string far = house.user_of(1);
  Peer datagrams(house.udp, SOCK_DGRAM);
  REQUIRE(datagrams.raw.send(request(far, Transport::udp, 1)));
  CHECK(datagrams.bytes(20s).starts_with("SIP/2.0 401 "));
  house.hold();
  Peer flood(house.tcp, SOCK_STREAM);
  for (std::size_t i = 1; i <= 2 * mailbox_max; ++i)
    REQUIRE(flood.raw.send(request(far, Transport::tcp, i)));
  house.under_way_at_last(mailbox_max + 1);  // the answered datagram is still remembered
  for (const std::string& user : {far, house.user_of(0)}) {
    REQUIRE(datagrams.raw.send(request(user, Transport::udp, 2)));
    const std::string answer = datagrams.bytes(20s);
    CHECK(answer.starts_with("SIP/2.0 503 "));
    CHECK(answer.contains("\r\nRetry-After: "));
    CHECK(datagrams.bytes(300ms).empty());
  }
  house.let_go();
  for (std::size_t i = 1; i <= 2 * mailbox_max; ++i) CHECK(flood.answer().status() == 401);
  REQUIRE(datagrams.raw.send(request(far, Transport::udp, 3)));
  CHECK(datagrams.bytes(20s).starts_with("SIP/2.0 401 "));
}

}  // namespace kith::server
