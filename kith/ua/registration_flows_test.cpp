// What becomes of a registration whose flows break, or are not answered.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "kith/ua/limits.h"
#include "kith/ua/testing/phone.h"

namespace kith::ua {
namespace {

using testing::Phone;
using testing::require_outbound;
using testing::wish;

using Failure = Registration::Failure;

TEST_CASE("RFC 5626 §4.5: the back-off doubles, by half at random, up to half an hour") {
  SeededRandom random(3);
  const BackOff back_off;
  struct Row {
    unsigned failures;
    Duration all_failed;
    Duration other;
  };
  // The upper bounds of RFC 5626 §A.
  for (const Row& row :
       {Row{1, 60s, 180s}, Row{2, 120s, 360s}, Row{3, 240s, 720s}, Row{4, 480s, 1440s},
        Row{5, 960s, 1800s}, Row{6, 1800s, 1800s}, Row{1'000'000, 1800s, 1800s}}) {
    CAPTURE(row.failures);
    for (int i = 0; i < 100; ++i) {
      const Duration all_failed = back_off.after(row.failures, true, random);
      const Duration other = back_off.after(row.failures, false, random);
      CHECK((all_failed >= row.all_failed / 2 && all_failed <= row.all_failed));
      CHECK((other >= row.other / 2 && other <= row.other));
    }
  }
}

TEST_CASE("RFC 5626 §4.5: a flow that broke is made again, under its reg-id") {
  Phone phone(wish(2));
  phone.accept();
  phone.accept();
  phone.registration.flow_down(1, phone.now);
  phone.settle();
  CHECK(phone.registration.binding(1) == nullptr);
  CHECK(phone.last<Registration::Failed>().why == Failure::no_flow);
  const Duration pause = phone.last<Registration::Failed>().again - phone.now;
  CHECK((pause >= 90s && pause <= 180s));  // the other one works
  phone.registration.flow_down(2, phone.now);
  phone.settle();
  const Duration shorter = phone.last<Registration::Failed>().again - phone.now;
  CHECK((shorter >= 30s && shorter <= 60s));
  phone.wait(180s);
  CHECK(phone.request().text("Contact").contains("reg-id=2"));
  phone.accept();
  CHECK(phone.request().text("Contact").contains("reg-id=1"));
}

TEST_CASE("RFC 5626 §4.5: it is tried for ever, and success forgets the failures") {
  Phone phone(wish(1));
  phone.registration.flow_down(1, phone.now);
  phone.flows_fail = true;
  phone.wait(24h);
  const std::size_t tries = phone.all<Registration::Failed>().size();
  CHECK((tries > 48 && tries < 110));
  phone.flows_fail = false;
  phone.wait(1800s);
  phone.accept();
  phone.registration.flow_down(1, phone.now);
  phone.settle();
  CHECK(phone.last<Registration::Failed>().again <= phone.now + 60s);
}

TEST_CASE("RFC 5626 §4.2.2: after a 503 the flow stays, and Retry-After is kept") {
  Phone phone(wish(1));
  phone.accept();
  phone.wait(3480s);
  phone.answer(503, "Retry-After: 100\r\n");
  CHECK(phone.all<Registration::CloseFlow>().empty());
  CHECK(phone.registration.binding(1) != nullptr);
  CHECK(phone.last<Registration::Failed>().status == 503);
  CHECK(phone.last<Registration::Failed>().again >= phone.now + 100s);
  phone.wait(120s);
  CHECK(phone.registration.binding(1) == nullptr);
  CHECK(phone.last<Registration::Failed>().why == Failure::expired);
}

TEST_CASE("RFC 5626 §4.5: a REGISTER without an answer costs its flow") {
  Phone phone(wish(1));
  phone.time_out();
  CHECK(phone.all<Registration::CloseFlow>().size() == 1);
  CHECK(phone.last<Registration::Failed>().why == Failure::not_answered);
  phone.time_out();  // once more for the same: ignored
  CHECK(phone.all<Registration::Failed>().size() == 1);
  phone.wait(60s);
  CHECK(phone.sent.size() == 2);
  CHECK(phone.sent[1].flow != phone.sent[0].flow);
}

TEST_CASE("RFC 5626 §4.4: pings come as the registrar wants them, else as the transport does") {
  struct Row {
    Transport transport;
    std::string headers;
    Duration least;
    Duration most;
  };
  for (const Row& row : {Row{Transport::tcp, require_outbound, 96s, 120s},
                         Row{Transport::tcp, require_outbound + "Flow-Timer: 50\r\n", 40s, 50s},
                         Row{Transport::tcp, require_outbound + "Flow-Timer: 0\r\n", 96s, 120s},
                         Row{Transport::udp, require_outbound, 23200ms, 29s},
                         Row{Transport::udp, "", 23200ms, 29s}}) {
    CAPTURE(row.headers);
    Phone phone(wish(1), nullptr, row.transport);
    phone.accept(";expires=3600", row.headers);
    for (std::size_t pings = 1; pings < 5; ++pings) {
      const Time next = phone.registration.next_deadline();
      CHECK((next >= phone.now + row.least && next <= phone.now + row.most));
      phone.wait(next - phone.now);
      CHECK(phone.all<Registration::Ping>().size() == pings);
    }
  }
  Phone phone(wish(1));
  phone.accept(";expires=3600", "");  // nobody said that pings are understood
  phone.wait(3000s);
  CHECK(phone.all<Registration::Ping>().empty());
}

TEST_CASE("RFC 5626 §4.4.1: a stream without a pong in ten seconds has failed") {
  Phone phone(wish(1));
  phone.accept();
  phone.silent = true;
  phone.wait(120s);
  REQUIRE(phone.all<Registration::Ping>().size() == 1);
  phone.wait(10s);
  CHECK(phone.last<Registration::Failed>().why == Failure::no_pong);
  CHECK(phone.all<Registration::CloseFlow>().size() == 1);
  CHECK(phone.registration.binding(1) == nullptr);
  phone.registration.pong(1, phone.now);  // too late
  phone.wait(60s);
  CHECK(phone.sent.size() == 2);
}

}  // namespace
}  // namespace kith::ua
