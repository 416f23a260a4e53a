#include "kith/ua/registration.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "kith/ua/limits.h"

namespace kith::ua {
namespace {

using Failure = Registration::Failure;
using Ending = Registration::Ending;

constexpr Time start = Time{} + 1'763'689'728s;
constexpr std::string_view instance = "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
const std::string require_outbound = "Require: outbound\r\n";

/// Knows a password, or does not.
struct Password final : Credentials {
  bool right = true;
  int asked = 0;
  void authorize(sip::Message& request) override {
    if (asked > 0) request.add("Authorization", "Digest answer=" + std::to_string(asked));
  }
  bool challenged(const sip::Message&, const sip::Message&) override {
    ++asked;
    return right;
  }
};

RegistrationWish wish(std::uint32_t flows, bool with_instance = true) {
  return {.registrar = "sip:example.com",
          .aor = "sip:alice@example.com",
          .call_id = "c1",
          .instance = with_instance ? std::string{instance} : std::string{},
          .flows = flows};
}

/// A registration and what comes out of it, in virtual time. Flows are made as soon as they are
/// wanted, unless they fail.
struct Phone {
  explicit Phone(RegistrationWish what, Credentials* credentials = nullptr,
                 Transport over = Transport::tcp)
      : registration(std::move(what), random, credentials), transport(over) {
    registration.start(now);
    settle();
  }

  SeededRandom random{7};
  Registration registration;
  Transport transport;
  Time now = start;
  bool flows_fail = false;
  bool silent = false;  // no pongs
  std::uint64_t next_flow = 1;
  std::vector<Registration::Output> outputs{};
  std::vector<Registration::Register> sent{};

  void settle() {
    while (auto output = registration.poll()) {
      if (const auto* need = std::get_if<Registration::NeedFlow>(&*output)) {
        if (flows_fail)
          registration.flow_down(need->reg_id, now);
        else
          registration.flow_up(need->reg_id, flow(), now);
      } else if (auto* request = std::get_if<Registration::Register>(&*output)) {
        sent.push_back(*request);
      } else if (std::holds_alternative<Registration::Ping>(*output) && !silent) {
        registration.pong(1, now);
        registration.pong(2, now);
      }
      outputs.push_back(*std::move(output));
    }
  }
  RegistrationFlow flow() {
    return {.flow = {.id = next_flow++, .transport = transport, .local = {}, .remote = {}},
            .contact = "sip:alice@192.0.2.7:5060"};
  }
  void wait(Duration duration) {
    const Time until = now + duration;
    while (registration.next_deadline() <= until) {
      now = std::max(now, registration.next_deadline());
      registration.tick(now);
      settle();
    }
    now = until;
  }
  template <class Output>
  std::vector<Output> all() const {
    std::vector<Output> found;
    for (const auto& output : outputs)
      if (const auto* each = std::get_if<Output>(&output)) found.push_back(*each);
    return found;
  }
  template <class Output>
  Output last() const {
    const std::vector<Output> found = all<Output>();
    REQUIRE_FALSE(found.empty());
    return found.back();
  }
  const sip::Message& request() const { return sent.back().request; }

  void answer(int status, const std::string& headers = {}) {
    std::string text = sip::Message::response(request(), status).write();
    text.insert(text.find("\r\n\r\n") + 2, headers);
    registration.answered(*sip::Message::parse(text), now);
    settle();
  }
  /// 200 with our Contact as it was sent, and these parameters.
  void accept(const std::string& params = ";expires=3600",
              const std::string& headers = require_outbound) {
    answer(200, "Contact: " + std::string{request().text("Contact")} + params + "\r\n" + headers);
  }
  void time_out() {
    registration.not_answered(sent.back().sequence, now);
    settle();
  }
};

TEST_CASE("RFC 5626 §4.2.1: REGISTER has instance, reg-id and what is supported") {
  Phone phone(wish(1));
  REQUIRE(phone.sent.size() == 1);
  const sip::Message& request = phone.request();
  CHECK(request.request_uri() == "sip:example.com");
  CHECK(request.text("To") == "<sip:alice@example.com>");
  CHECK(request.text("Contact") ==
        "<sip:alice@192.0.2.7:5060>;reg-id=1;+sip.instance=\"<" + std::string{instance} + ">\"");
  CHECK(request.text("Supported") == "outbound, path, gruu");
  CHECK(request.text("Expires") == "3600");
  CHECK_FALSE(request.has("Route"));
  phone.accept();
  CHECK(phone.last<Registration::Registered>().reg_id == 1);
  REQUIRE(phone.registration.binding(1) != nullptr);
  CHECK(phone.registration.binding(1)->outbound);
}

TEST_CASE("RFC 5626 §4.2.3: without an instance there is neither reg-id nor outbound") {
  Phone phone(wish(2, false));
  CHECK(phone.all<Registration::NeedFlow>().size() == 1);
  CHECK(phone.request().text("Contact") == "<sip:alice@192.0.2.7:5060>");
  CHECK(phone.request().text("Supported") == "path");
}

TEST_CASE("RFC 5626 §4.2: there are as many flows as are asked for, and not too many") {
  for (const std::uint32_t flows : {0U, 1U, 2U, 99U}) {
    CAPTURE(flows);
    const Phone phone(wish(flows));
    CHECK(phone.all<Registration::NeedFlow>().size() ==
          std::clamp<std::size_t>(flows, 1, registration_flows_max));
  }
}

TEST_CASE("RFC 3261 §10.2: the second flow is registered after the first one's answer") {
  Phone phone(wish(2));
  CHECK(phone.all<Registration::NeedFlow>().size() == 2);
  CHECK(phone.sent.size() == 1);
  phone.accept();
  REQUIRE(phone.sent.size() == 2);
  CHECK(phone.request().text("Contact").contains("reg-id=2"));
  CHECK(phone.request().text("Call-ID") == "c1");
  CHECK(phone.request().text("CSeq") == "2 REGISTER");
  CHECK(phone.sent[0].flow != phone.sent[1].flow);
  phone.accept();
  CHECK(phone.registration.binding(2) != nullptr);
}

TEST_CASE("RFC 5626 §4.2.1: a registrar without outbound gets one flow") {
  SUBCASE("200 without Require") {
    Phone phone(wish(2));
    phone.accept(";expires=3600", "");
    CHECK(phone.sent.size() == 1);
    CHECK(phone.all<Registration::CloseFlow>().size() == 1);
    CHECK_FALSE(phone.registration.binding(1)->outbound);
  }
  SUBCASE("439") {
    Phone phone(wish(2));
    phone.answer(439);
    CHECK(phone.sent.size() == 2);
    CHECK_FALSE(phone.request().text("Contact").contains("reg-id"));
    CHECK_FALSE(phone.request().text("Supported").contains("outbound"));
    phone.answer(439);
    CHECK(phone.last<Registration::Over>().why == Ending::refused);
  }
}

TEST_CASE("RFC 3261 §10.2.4: a binding is refreshed before it expires") {
  struct Row {
    std::string params;
    std::string headers;
    Duration refreshed_after;
  };
  for (const Row& row :
       {Row{";expires=3600", "", 3480s}, Row{";expires=100", "", 50s},
        Row{"", "Expires: 600\r\n", 480s}, Row{"", "", 3480s},
        Row{";expires=60", "Expires: 600\r\n", 30s}, Row{";expires=4294967295", "", 3480s}}) {
    CAPTURE(row.params);
    CAPTURE(row.headers);
    Phone phone(wish(1));
    phone.accept(row.params, row.headers);
    phone.wait(row.refreshed_after - 1ms);
    CHECK(phone.sent.size() == 1);
    phone.wait(1ms);
    CHECK(phone.sent.size() == 2);
    CHECK(phone.request().text("CSeq") == "2 REGISTER");
    phone.accept();
    CHECK(phone.all<Registration::Registered>().size() == 1);
  }
}

TEST_CASE("RFC 3261 §10.2.4: a 200 that does not show our Contact binds nothing") {
  const std::string other = ";+sip.instance=\"<urn:uuid:00000000-0000-0000-0000-000000000001>\"";
  for (const std::string& headers :
       {std::string{}, std::string{"Contact: <sip:alice@192.0.2.9>;expires=60\r\n"},
        "Contact: <sip:alice@192.0.2.7:5060>;reg-id=1;expires=60" + other + "\r\n",
        std::string{"Contact: <sip:alice@192.0.2.7:5060>;expires=0\r\n"},
        std::string{"Contact: <sip:alice@192.0.2.7:5060;expires=60\r\n"}}) {
    CAPTURE(headers);
    Phone phone(wish(1));
    phone.answer(200, headers);
    CHECK(phone.registration.binding(1) == nullptr);
    CHECK(phone.last<Registration::Failed>().why == Failure::not_bound);
  }
}

TEST_CASE("RFC 3261 §10.2.8: 423 is answered with the interval that the registrar wants") {
  Phone phone(wish(1));
  phone.answer(423, "Min-Expires: 7200\r\n");
  CHECK(phone.request().text("Expires") == "7200");
  for (const std::string& headers :
       {std::string{}, std::string{"Min-Expires: 7200\r\n"}, std::string{"Min-Expires: 60\r\n"}}) {
    Phone other(wish(1));
    other.answer(423, "Min-Expires: 7200\r\n");
    other.answer(423, headers);
    CHECK(other.last<Registration::Over>().why == Ending::interval);
    CHECK(other.registration.next_deadline() == never);
  }
}

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

TEST_CASE("RFC 3261 §10.2.7: what does not pass ends the registration, with its reason") {
  struct Row {
    int status;
    Ending why;
  };
  for (const Row& row :
       {Row{301, Ending::redirected}, Row{302, Ending::redirected}, Row{305, Ending::redirected},
        Row{400, Ending::refused}, Row{403, Ending::refused}, Row{404, Ending::refused},
        Row{501, Ending::refused}, Row{603, Ending::refused}, Row{401, Ending::credentials},
        Row{407, Ending::credentials}}) {
    CAPTURE(row.status);
    Phone phone(wish(1));
    phone.answer(row.status, "Contact: <sip:other.example.com>\r\n");
    CHECK(phone.last<Registration::Over>().why == row.why);
    CHECK(phone.last<Registration::Over>().status == row.status);
    CHECK(phone.all<Registration::CloseFlow>().size() == 1);
    phone.wait(24h);
    CHECK(phone.sent.size() == 1);
  }
  for (const int status : {408, 430, 480, 500, 502, 503, 504}) {
    CAPTURE(status);
    Phone phone(wish(1));
    phone.answer(status);
    phone.wait(60s);
    CHECK(phone.sent.size() == 2);
  }
}

TEST_CASE("RFC 3261 §22.1: a challenge is answered with the next CSeq, and not for ever") {
  Password password;
  Phone phone(wish(1), &password);
  CHECK_FALSE(phone.request().has("Authorization"));
  phone.answer(401);
  CHECK(phone.request().text("Authorization") == "Digest answer=1");
  CHECK(phone.request().text("CSeq") == "2 REGISTER");
  phone.accept();
  CHECK(phone.registration.binding(1) != nullptr);

  Password other;
  Phone unlucky(wish(1), &other);
  for (int i = 0; i <= registration_challenges_max; ++i) unlucky.answer(407);
  CHECK(unlucky.last<Registration::Over>().why == Ending::credentials);
  CHECK(other.asked == registration_challenges_max);

  Password wrong;
  wrong.right = false;
  Phone stranger(wish(1), &wrong);
  stranger.answer(401);
  CHECK(stranger.last<Registration::Over>().why == Ending::credentials);
  CHECK(stranger.sent.size() == 1);
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

TEST_CASE("RFC 5627 §4.2: GRUUs come with the 200, and temporary ones add up") {
  Phone phone(wish(1));
  const auto accept = [&](const std::string& temp) {
    phone.accept(";expires=600;pub-gruu=\"sip:alice@example.com;gr=1\";temp-gruu=\"sip:" + temp +
                 "@example.com;gr\"");
  };
  accept("t1");
  CHECK(phone.registration.pub_gruu() == "sip:alice@example.com;gr=1");
  phone.wait(480s);
  accept("t2");
  CHECK(phone.registration.temp_gruus() ==
        std::deque<std::string>{"sip:t1@example.com;gr", "sip:t2@example.com;gr"});
  SUBCASE("they die with the Call-ID") {
    phone.registration.renew("c2", phone.now);
    phone.settle();
    CHECK(phone.registration.temp_gruus().empty());
    CHECK(phone.request().text("Call-ID") == "c2");
    accept("t3");
    CHECK(phone.registration.temp_gruus().size() == 1);
  }
  SUBCASE("they die with the last binding") {
    phone.registration.flow_down(1, phone.now);
    CHECK(phone.registration.temp_gruus().empty());
  }
  SUBCASE("there are not too many") {
    for (std::size_t i = 0; i <= temp_gruus_max; ++i) {
      phone.wait(480s);
      accept("x" + std::to_string(i));
    }
    CHECK(phone.registration.temp_gruus().size() == temp_gruus_max);
    CHECK(phone.registration.temp_gruus().front() == "sip:x1@example.com;gr");
  }
}

TEST_CASE("RFC 5627 §4.1: a 200 to the old Call-ID brings no temporary GRUU any more") {
  Phone phone(wish(1));
  phone.registration.renew("c2", phone.now);
  phone.accept(";expires=600;temp-gruu=\"sip:t1@example.com;gr\"");
  CHECK(phone.registration.temp_gruus().empty());
  CHECK(phone.request().text("Call-ID") == "c2");
}

TEST_CASE("RFC 3608 §6.1: Service-Route is kept as it came, and goes with a 200 that has none") {
  Phone phone(wish(1));
  phone.accept(";expires=600", "Service-Route: <sip:a;lr>, <sip:b;lr>\r\n");
  CHECK(phone.registration.binding(1)->service_route ==
        std::vector<std::string>{"<sip:a;lr>", "<sip:b;lr>"});
  phone.wait(480s);
  CHECK_FALSE(phone.request().has("Route"));
  std::string many;
  for (std::size_t i = 0; i <= service_routes_max; ++i) many += "Service-Route: <sip:x;lr>\r\n";
  phone.accept(";expires=600", many);
  CHECK(phone.registration.binding(1)->service_route.empty());
  phone.wait(480s);
  phone.accept(";expires=600", "Path: <sip:p;lr>\r\n");
  CHECK(phone.registration.binding(1)->service_route.empty());
  CHECK_FALSE(phone.request().has("Path"));
}

TEST_CASE("RFC 3261 §10.2.2: bindings are removed, each over its flow, or all of them") {
  Phone phone(wish(2));
  phone.accept();
  phone.accept();
  SUBCASE("ours") {
    phone.registration.stop(phone.now);
    phone.settle();
    CHECK(phone.request().text("Expires") == "0");
    CHECK(phone.request().text("Contact").contains("reg-id=1"));
    phone.answer(200);
    CHECK(phone.request().text("Contact").contains("reg-id=2"));
    phone.answer(200);
    CHECK(phone.last<Registration::Over>().why == Ending::removed);
  }
  SUBCASE("everybody's") {
    phone.registration.remove_all(phone.now);
    phone.settle();
    CHECK(phone.request().text("Contact") == "*");
    CHECK(phone.request().text("Expires") == "0");
    phone.answer(200);
    CHECK(phone.sent.size() == 3);
    CHECK(phone.last<Registration::Over>().why == Ending::removed);
  }
  SUBCASE("nobody answers") {
    phone.registration.stop(phone.now);
    phone.settle();
    phone.time_out();
    phone.time_out();
    CHECK(phone.last<Registration::Over>().why == Ending::unreachable);
  }
  SUBCASE("refused") {
    phone.registration.remove_all(phone.now);
    phone.settle();
    phone.answer(403);
    CHECK(phone.last<Registration::Over>().why == Ending::refused);
  }
  SUBCASE("the flow breaks") {
    phone.registration.stop(phone.now);
    phone.registration.flow_down(1, phone.now);
    phone.settle();
    phone.answer(200);
    CHECK(phone.last<Registration::Over>().why == Ending::unreachable);
  }
  CHECK(phone.registration.binding(1) == nullptr);
  CHECK(phone.registration.pub_gruu().empty());
  CHECK(phone.registration.next_deadline() == never);
}

TEST_CASE("RFC 3261 §10.2.3: a REGISTER without Contact asks what is bound") {
  Phone phone(wish(1));
  phone.accept();
  phone.registration.fetch(phone.now);
  phone.settle();
  CHECK_FALSE(phone.request().has("Contact"));
  CHECK_FALSE(phone.request().has("Expires"));
  SUBCASE("and is told") {
    phone.answer(200, "Contact: <sip:a@192.0.2.1>;expires=5, <sip:a@192.0.2.2>;expires=6\r\n");
    REQUIRE(phone.last<Registration::Bindings>().contacts);
    CHECK(phone.last<Registration::Bindings>().contacts->size() == 2);
  }
  SUBCASE("and is refused") {
    phone.answer(403);
    CHECK_FALSE(phone.last<Registration::Bindings>().contacts);
  }
  SUBCASE("and is told nonsense") {
    phone.answer(200, "Contact: <sip:a@192.0.2.1\r\n");
    CHECK_FALSE(phone.last<Registration::Bindings>().contacts);
  }
  CHECK(phone.registration.binding(1) != nullptr);
}

TEST_CASE("RFC 3261 §8.1.3: a response to another request, or a provisional one, is nothing") {
  Phone phone(wish(1));
  phone.answer(100);
  phone.answer(200, "");  // no Contact: the try failed
  REQUIRE(phone.registration.binding(1) == nullptr);
  phone.wait(60s);
  REQUIRE(phone.sent.size() == 2);
  sip::Message late = sip::Message::response(phone.sent[0].request, 403);
  late.set_body({}, {});
  phone.registration.answered(late, phone.now);
  phone.registration.not_answered(phone.sent[0].sequence, phone.now);
  phone.settle();
  CHECK(phone.all<Registration::Over>().empty());
  phone.accept();
  CHECK(phone.registration.binding(1) != nullptr);
}

}  // namespace
}  // namespace kith::ua
