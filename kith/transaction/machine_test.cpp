#include "kith/transaction/machine.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "kith/base/overloaded.h"

namespace kith::transaction {
namespace {

using enum State;
using enum Event;

std::string to_string(const Effects& effects) {
  std::string text;
  for (const Effect& effect : effects) {
    if (!text.empty()) text += ' ';
    text += std::visit(
        Overloaded{
            [](const SendRequest&) { return std::string{"request"}; },
            [](const SendAck&) { return std::string{"ack"}; },
            [](const SendResponse&) { return std::string{"response"}; },
            [](const PassUp&) { return std::string{"up"}; },
            [](const StartTimer& timer) {
              return std::string{to_string(timer.event)} + '=' +
                     std::to_string(timer.after / Duration{1ms});
            },
            [](const StopTimer& timer) { return "no " + std::string{to_string(timer.event)}; },
            [](const Report& report) {
              return std::string{report.how == Ending::timed_out    ? "timed out"
                                 : report.how == Ending::unanswered ? "unanswered"
                                                                    : "transport error"};
            },
        },
        effect);
  }
  return text;
}

// One line of RFC 3261 figure 5, 6, 7 or 8 as amended, read from the text and not from the table.
struct Line {
  State state;
  Event event;
  State next;
  std::string effects;
};

using Path = std::initializer_list<Event>;

Machine machine_after(Kind kind, Path path, Reliability reliability = Reliability::unreliable) {
  Machine machine{kind, reliability};
  machine.start({});
  for (const Event event : path) machine.on(event, {});
  return machine;
}

// Every event in the state that `path` leads to: what is listed happens, nothing else does.
void check_state(Kind kind, State state, Path path, const std::vector<Line>& lines) {
  for (std::size_t i = 0; i < events; ++i) {
    const auto event = static_cast<Event>(i);
    Machine machine = machine_after(kind, path);
    REQUIRE(machine.state() == state);
    Line expected{state, event, state, ""};
    for (const Line& line : lines)
      if (line.state == state && line.event == event) expected = line;
    const std::string effects = to_string(machine.on(event, {}));
    CAPTURE(to_string(state));
    CAPTURE(to_string(event));
    CHECK(effects == expected.effects);
    CHECK(to_string(machine.state()) == to_string(expected.next));
  }
}

}  // namespace

TEST_CASE("RFC 3261 §17.1.1.2: each event in each state of an INVITE client transaction") {
  const std::vector<Line> lines{
      {calling, timer_a, calling, "request timer_a=1000"},
      {calling, timer_b, terminated, "timed out"},
      {calling, transport_error, terminated, "transport error"},
      {calling, provisional, proceeding, "up timer_c=181000"},
      {calling, success, accepted, "up timer_m=32000"},
      {calling, failure, completed, "up ack timer_d=32000"},
      {proceeding, provisional, proceeding, "up timer_c=181000"},
      {proceeding, success, accepted, "up timer_m=32000"},
      {proceeding, failure, completed, "up ack timer_d=32000"},
      {proceeding, timer_c, terminated, "timed out"},
      {proceeding, transport_error, terminated, "transport error"},
      {completed, failure, completed, "ack"},
      {completed, transport_error, terminated, ""},
      {completed, timer_d, terminated, ""},
      {accepted, success, accepted, "up"},
      {accepted, timer_m, terminated, ""},
  };
  constexpr Kind kind = Kind::client_invite;
  CHECK(to_string(Machine{kind, Reliability::unreliable}.start({})) ==
        "request timer_a=500 timer_b=32000");
  CHECK(to_string(Machine{kind, Reliability::reliable}.start({})) == "request timer_b=32000");
  check_state(kind, calling, {}, lines);
  check_state(kind, proceeding, {provisional}, lines);
  check_state(kind, completed, {failure}, lines);
  check_state(kind, accepted, {success}, lines);
  check_state(kind, terminated, {timer_b}, lines);
}

TEST_CASE("RFC 3261 §17.1.2.2: each event in each state of a non-INVITE client transaction") {
  const std::vector<Line> lines{
      {trying, timer_e, trying, "request timer_e=1000"},
      {trying, timer_f, terminated, "timed out"},
      {trying, transport_error, terminated, "transport error"},
      {trying, provisional, proceeding, "up"},
      {trying, success, completed, "up timer_k=5000"},
      {trying, failure, completed, "up timer_k=5000"},
      {proceeding, timer_e, proceeding, "request timer_e=4000"},
      {proceeding, timer_f, terminated, "timed out"},
      {proceeding, transport_error, terminated, "transport error"},
      {proceeding, provisional, proceeding, "up"},
      {proceeding, success, completed, "up timer_k=5000"},
      {proceeding, failure, completed, "up timer_k=5000"},
      {completed, timer_k, terminated, ""},
  };
  constexpr Kind kind = Kind::client_other;
  CHECK(to_string(Machine{kind, Reliability::unreliable}.start({})) ==
        "request timer_e=500 timer_f=32000");
  CHECK(to_string(Machine{kind, Reliability::reliable}.start({})) == "request timer_f=32000");
  check_state(kind, trying, {}, lines);
  check_state(kind, proceeding, {provisional}, lines);
  check_state(kind, completed, {success}, lines);
  check_state(kind, terminated, {timer_f}, lines);
}

TEST_CASE("RFC 3261 §17.2.1: each event in each state of an INVITE server transaction") {
  const std::vector<Line> lines{
      {proceeding, request, proceeding, "response"},
      {proceeding, timer_trying, proceeding, "response"},
      {proceeding, answer_provisional, proceeding, "response no timer_trying timer_answer=600000"},
      {proceeding, answer_success, accepted, "response timer_l=32000"},
      {proceeding, answer_failure, completed, "response timer_g=500 timer_h=32000"},
      {proceeding, transport_error, terminated, "transport error"},
      {proceeding, timer_answer, terminated, "unanswered"},
      {completed, request, completed, "response"},
      {completed, ack, confirmed, "timer_i=5000"},
      {completed, timer_g, completed, "response timer_g=1000"},
      {completed, timer_h, terminated, "timed out"},
      {completed, transport_error, terminated, "transport error"},
      {confirmed, timer_i, terminated, ""},
      {accepted, ack, accepted, "up"},
      {accepted, answer_success, accepted, "response"},
      {accepted, timer_l, terminated, ""},
  };
  constexpr Kind kind = Kind::server_invite;
  CHECK(to_string(Machine{kind, Reliability::unreliable}.start({})) ==
        "up timer_trying=200 timer_answer=600000");
  check_state(kind, proceeding, {}, lines);
  check_state(kind, completed, {answer_failure}, lines);
  check_state(kind, confirmed, {answer_failure, ack}, lines);
  check_state(kind, accepted, {answer_success}, lines);
  check_state(kind, terminated, {timer_answer}, lines);
}

TEST_CASE("RFC 3261 §17.2.2: each event in each state of a non-INVITE server transaction") {
  const std::vector<Line> lines{
      {trying, answer_provisional, proceeding, "response"},
      {trying, answer_success, completed, "response timer_j=32000"},
      {trying, answer_failure, completed, "response timer_j=32000"},
      {trying, transport_error, terminated, "transport error"},
      {trying, timer_answer, terminated, "unanswered"},
      {proceeding, request, proceeding, "response"},
      {proceeding, answer_provisional, proceeding, "response"},
      {proceeding, answer_success, completed, "response timer_j=32000"},
      {proceeding, answer_failure, completed, "response timer_j=32000"},
      {proceeding, transport_error, terminated, "transport error"},
      {proceeding, timer_answer, terminated, "unanswered"},
      {completed, request, completed, "response"},
      {completed, transport_error, terminated, "transport error"},
      {completed, timer_j, terminated, ""},
  };
  constexpr Kind kind = Kind::server_other;
  CHECK(to_string(Machine{kind, Reliability::unreliable}.start({})) == "up timer_answer=64000");
  check_state(kind, trying, {}, lines);
  check_state(kind, proceeding, {answer_provisional}, lines);
  check_state(kind, completed, {answer_success}, lines);
  check_state(kind, terminated, {timer_answer}, lines);
}

TEST_CASE("RFC 3261 §17: on a reliable transport nothing waits for what might come twice") {
  constexpr Reliability reliable = Reliability::reliable;
  const auto after = [](Kind kind, Path path, Event event) {
    Machine machine = machine_after(kind, path, reliable);
    const std::string effects = to_string(machine.on(event, {}));
    return effects + " -> " + std::string{to_string(machine.state())};
  };
  CHECK(after(Kind::client_invite, {}, failure) == "up ack -> terminated");          // D
  CHECK(after(Kind::client_other, {}, success) == "up -> terminated");               // K
  CHECK(after(Kind::server_other, {}, answer_success) == "response -> terminated");  // J
  CHECK(after(Kind::server_invite, {answer_failure}, ack) == " -> terminated");      // I
  CHECK(after(Kind::server_invite, {}, answer_failure) ==                            // no G
        "response timer_h=32000 -> completed");
  CHECK(after(Kind::client_invite, {}, success) == "up timer_m=32000 -> accepted");
}

TEST_CASE("timers follow what is configured") {
  Machine machine{Kind::client_other, Reliability::unreliable};
  const Timers timers{.t1 = 100ms, .t2 = 300ms};
  CHECK(to_string(machine.start(timers)) == "request timer_e=100 timer_f=6400");
  CHECK(to_string(machine.on(timer_e, timers)) == "request timer_e=200");
  CHECK(to_string(machine.on(timer_e, timers)) == "request timer_e=300");
  CHECK(to_string(machine.on(timer_e, timers)) == "request timer_e=300");
}

TEST_CASE("a table with a pair twice, or a state without a way out, is found") {
  constexpr std::array twice{Rule{calling, timer_a, calling}, Rule{calling, timer_a, terminated}};
  static_assert(!each_pair_once(twice));
  constexpr std::array stuck{Rule{calling, timer_b, terminated},
                             Rule{calling, provisional, proceeding},
                             Rule{proceeding, provisional, proceeding}};
  static_assert(each_pair_once(stuck) && !every_state_can_end(stuck));
  constexpr std::array waits{Rule{calling, success, terminated}};
  static_assert(every_state_can_end(waits) && !every_state_ends_in_time(waits));
}

}  // namespace kith::transaction
