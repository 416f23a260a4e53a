#include "server/service/passage.h"

#include <doctest/doctest.h>

#include <array>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "server/service/testing/house.h"

using namespace kith;
using namespace kith::service;
using namespace kith::service::testing;

namespace {

/// A shard whose users are those of a house; what it sends another one is done at once.
struct Shard final : Ways {
  Shard(std::size_t which, std::vector<Shard*>& every)
      : endpoint({.shard = static_cast<std::uint8_t>(which)}, house.random),
        one(which, endpoint, house.core, house.random, *this),
        all(every) {
    all.push_back(this);
  }

  House house;
  ua::Endpoint endpoint;
  Passage one;
  std::vector<Shard*>& all;
  std::vector<std::string> sent;
  std::vector<ua::Refused> refused;
  bool full = false;

  Time now() const override { return house.now; }
  std::size_t shards() const override { return all.size(); }
  Passage& passage(std::size_t shard) override { return all.at(shard)->one; }
  std::size_t owner_of(const sip::Aor&) const override { return 0; }
  void at(std::size_t, Deed deed) override { deed(); }
  bool is_full() const override { return full; }
  void load(const sip::Aor& aor) override { house.core.loaded(aor, house.records[aor], now()); }
  void commit(Commit) override {}
  void accept(Accept) override {}
  void halt(const std::string&) override {}
  void log(const Log& line) override { house.logs.push_back(line); }
  void log(const ua::Refused& what) override { refused.push_back(what); }

  void receive(const Flow& flow, std::string_view bytes) {
    endpoint.receive(flow, bytes, now());
    for (Shard* const shard : all) shard->drain();
    for (Shard* const shard : all) shard->drain();
  }
  void drain() {
    one.drain();
    while (std::optional<ua::Output> output = endpoint.poll()) {
      if (auto* const send = std::get_if<ua::Send>(&*output)) sent.push_back(send->bytes);
      if (auto* const notice = std::get_if<ua::Notice>(&*output)) one.hear(std::move(*notice));
      one.drain();
    }
  }
};

struct Two {
  std::vector<Shard*> all;
  Shard first{0, all};
  Shard second{1, all};
};

Flow datagrams(std::uint64_t shard, std::uint16_t port) {
  return {.id = (shard << 56U) + 1,
          .transport = Transport::udp,
          .local = Address::v4(192, 0, 2, 1, 5060),
          .remote = Address::v4(192, 0, 2, 21, port)};
}

int status_of(const std::string& bytes) { return sip::Message::parse(bytes)->status(); }

sip::Message with_branch(sip::Message request, int i) {
  request.set("Via", "SIP/2.0/TCP 192.0.2.21;branch=z9hG4bK" + std::to_string(i));
  return request;
}

}  // namespace

TEST_CASE("a request goes to the shard of its user, and the answer to that of its flow") {
  Two two;
  Messenger device(two.first.house, "alice", "7f3a91c204");
  two.second.receive(datagrams(1, 5070), device.request("OPTIONS").write());
  CHECK(two.first.house.core.statistics().requests == 1);
  CHECK(two.second.house.core.statistics().requests == 0);
  REQUIRE(two.second.sent.size() == 1);
  CHECK(status_of(two.second.sent[0]) == 401);
  CHECK(two.first.sent.empty());
}

TEST_CASE("RFC 3261 §21.5.4: a full shard answers a datagram 503; a stream waits unread") {
  Two two;
  two.first.full = true;
  Messenger device(two.first.house, "alice", "7f3a91c204");
  two.first.receive(datagrams(0, 5070), device.request("OPTIONS").write());
  REQUIRE(two.first.sent.size() == 1);
  CHECK(status_of(two.first.sent[0]) == 503);
  CHECK(sip::Message::parse(two.first.sent[0])->has("Retry-After"));
  CHECK(two.first.house.core.statistics().requests == 0);
  two.first.endpoint.opened(device.flow, two.first.now());
  two.first.receive(device.flow, with_branch(device.request("OPTIONS"), 1).write());
  CHECK(two.first.house.core.statistics().requests == 1);
}

TEST_CASE("RFC 3261 §18.2.2: a response that comes in on another shard ends its transaction") {
  for (const bool ours : {true, false}) {
    Two two;
    sip::Message notify = sip::Message::request("NOTIFY", "sip:alice@192.0.2.21");
    notify.add("From", "<sip:alice@example.com>;tag=1");
    notify.add("To", "<sip:alice@example.com>;tag=2");
    notify.add("Call-ID", "1");
    notify.add("CSeq", "1 NOTIFY");
    two.second.endpoint.request(datagrams(1, 5070), notify, two.second.now());
    two.second.drain();
    REQUIRE(two.second.sent.size() == 1);
    std::string ok =
        sip::Message::response(sip::Message::parse(two.second.sent[0]).value(), 200).write();
    if (!ours) ok.replace(ok.find("z9hG4bK01."), 10, "z9hG4bK07.");  // there is no such shard
    two.first.receive(datagrams(0, 5071), ok);
    two.second.endpoint.tick(two.second.now() + 1s);
    two.second.drain();
    CHECK(two.second.sent.size() == (ours ? 1 : 2));  // answered, it is not sent again
    CHECK(two.first.refused.size() == (ours ? 0 : 1));
  }
}

TEST_CASE("SIP-AUTH-38: a thousand forged requests leave no transaction behind") {
  Two two;
  House& house = two.first.house;
  house.add_user("alice");
  Messenger device(house, "alice", "7f3a91c204");
  REQUIRE(device.sign_in().status() == 200);
  sip::Message genuine = device.request("OPTIONS");
  device.authenticator.authorize(genuine, house.now, house.random);
  sip::Message forged = genuine;
  forged.set("Call-ID", "another");  // covered by the signature
  two.first.endpoint.opened(device.flow, house.now);
  for (int i = 0; i < 1000; ++i) two.first.receive(device.flow, with_branch(forged, i).write());
  CHECK(two.first.sent.empty());
  CHECK(two.first.endpoint.counts().server_transactions == 0);
  two.first.receive(device.flow, with_branch(genuine, 1000).write());
  REQUIRE(two.first.sent.size() == 1);
  CHECK(status_of(two.first.sent[0]) == 200);
  CHECK(two.first.endpoint.counts().server_transactions <= 1);
}
