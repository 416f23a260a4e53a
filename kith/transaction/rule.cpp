#include "kith/transaction/rule.h"

namespace kith::transaction {

std::string_view to_string(State state) {
  constexpr std::array<std::string_view, states> names{
      "calling", "trying", "proceeding", "completed", "confirmed", "accepted", "terminated"};
  return names.at(static_cast<std::size_t>(state));
}

std::string_view to_string(Event event) {
  constexpr std::array<std::string_view, events> names{"request",         "ack",
                                                       "provisional",     "success",
                                                       "failure",         "answer_provisional",
                                                       "answer_success",  "answer_failure",
                                                       "transport_error", "timer_a",
                                                       "timer_b",         "timer_c",
                                                       "timer_d",         "timer_e",
                                                       "timer_f",         "timer_g",
                                                       "timer_h",         "timer_i",
                                                       "timer_j",         "timer_k",
                                                       "timer_l",         "timer_m",
                                                       "timer_trying",    "timer_answer"};
  return names.at(static_cast<std::size_t>(event));
}

std::string_view to_string(Action action) {
  constexpr std::array<std::string_view, 23> names{"none",
                                                   "send_request",
                                                   "send_ack",
                                                   "send_response",
                                                   "pass_up",
                                                   "report_timeout",
                                                   "report_transport_error",
                                                   "report_unanswered",
                                                   "start_timer_d",
                                                   "start_timer_g",
                                                   "start_timer_h",
                                                   "start_timer_i",
                                                   "start_timer_j",
                                                   "start_timer_k",
                                                   "start_timer_l",
                                                   "start_timer_m",
                                                   "restart_timer_a",
                                                   "restart_timer_c",
                                                   "restart_timer_e",
                                                   "restart_timer_e_at_t2",
                                                   "restart_timer_g",
                                                   "restart_timer_answer",
                                                   "stop_timer_trying"};
  return names.at(static_cast<std::size_t>(action));
}

}  // namespace kith::transaction
