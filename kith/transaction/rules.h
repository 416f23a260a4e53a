#pragma once

#include <array>

#include "kith/transaction/rule.h"

/// The four machines of RFC 3261 §17. A pair of state and event that is not listed is ignored.
namespace kith::transaction::rules {

using enum State;
using enum Event;
using enum Action;

// clang-format off

/// INVITE client transaction: RFC 3261 §17.1.1.2 as amended by RFC 6026 §8.4.
inline constexpr std::array client_invite{
    Rule{calling,    timer_a,         calling,    {send_request, restart_timer_a}},
    Rule{calling,    timer_b,         terminated, {report_timeout}},
    Rule{calling,    transport_error, terminated, {report_transport_error}},
    Rule{calling,    provisional,     proceeding, {pass_up, restart_timer_c}},
    Rule{calling,    success,         accepted,   {pass_up, start_timer_m}},
    Rule{calling,    failure,         completed,  {pass_up, send_ack, start_timer_d}},

    Rule{proceeding, provisional,     proceeding, {pass_up, restart_timer_c}},
    Rule{proceeding, success,         accepted,   {pass_up, start_timer_m}},
    Rule{proceeding, failure,         completed,  {pass_up, send_ack, start_timer_d}},
    // Not RFC 3261 §17.1.1.2, which lets a transaction stay here for ever: a connection that
    // broke brings no answer, and timer C is that of a proxy, RFC 3261 §16.8.
    Rule{proceeding, transport_error, terminated, {report_transport_error}},
    Rule{proceeding, timer_c,         terminated, {report_timeout}},

    Rule{completed,  failure,         completed,  {send_ack}},  // a retransmission: not passed up
    // Not RFC 3261 §17.1.1.2, which reports it: the final response was passed up already.
    Rule{completed,  transport_error, terminated, {}},
    Rule{completed,  timer_d,         terminated, {}},

    Rule{accepted,   success,         accepted,   {pass_up}},   // another fork answered
    Rule{accepted,   timer_m,         terminated, {}},
};
static_assert(each_pair_once(client_invite));
static_assert(every_state_can_end(client_invite));
static_assert(every_state_ends_in_time(client_invite));

/// Client transaction for all but INVITE and ACK: RFC 3261 §17.1.2.2.
inline constexpr std::array client_other{
    Rule{trying,     timer_e,         trying,     {send_request, restart_timer_e}},
    Rule{trying,     timer_f,         terminated, {report_timeout}},
    Rule{trying,     transport_error, terminated, {report_transport_error}},
    Rule{trying,     provisional,     proceeding, {pass_up}},
    Rule{trying,     success,         completed,  {pass_up, start_timer_k}},
    Rule{trying,     failure,         completed,  {pass_up, start_timer_k}},

    Rule{proceeding, timer_e,         proceeding, {send_request, restart_timer_e_at_t2}},
    Rule{proceeding, timer_f,         terminated, {report_timeout}},
    Rule{proceeding, transport_error, terminated, {report_transport_error}},
    Rule{proceeding, provisional,     proceeding, {pass_up}},
    Rule{proceeding, success,         completed,  {pass_up, start_timer_k}},
    Rule{proceeding, failure,         completed,  {pass_up, start_timer_k}},

    Rule{completed,  timer_k,         terminated, {}},
};
static_assert(each_pair_once(client_other));
static_assert(every_state_can_end(client_other));
static_assert(every_state_ends_in_time(client_other));

/// INVITE server transaction: RFC 3261 §17.2.1 as amended by RFC 6026 §8.5.
inline constexpr std::array server_invite{
    Rule{proceeding, request,            proceeding, {send_response}},
    Rule{proceeding, timer_trying,       proceeding, {send_response}},
    Rule{proceeding, answer_provisional, proceeding,
         {send_response, stop_timer_trying, restart_timer_answer}},
    Rule{proceeding, answer_success,     accepted,   {send_response, start_timer_l}},
    Rule{proceeding, answer_failure,     completed,  {send_response, start_timer_g, start_timer_h}},
    Rule{proceeding, transport_error,    terminated, {report_transport_error}},
    Rule{proceeding, timer_answer,       terminated, {report_unanswered}},

    Rule{completed,  request,            completed,  {send_response}},
    Rule{completed,  ack,                confirmed,  {start_timer_i}},
    Rule{completed,  timer_g,            completed,  {send_response, restart_timer_g}},
    Rule{completed,  timer_h,            terminated, {report_timeout}},
    Rule{completed,  transport_error,    terminated, {report_transport_error}},

    Rule{confirmed,  timer_i,            terminated, {}},  // absorbs ACK and INVITE until then

    Rule{accepted,   ack,                accepted,   {pass_up}},
    Rule{accepted,   answer_success,     accepted,   {send_response}},
    Rule{accepted,   timer_l,            terminated, {}},  // absorbs INVITE until then
};
static_assert(each_pair_once(server_invite));
static_assert(every_state_can_end(server_invite));
static_assert(every_state_ends_in_time(server_invite));

/// Server transaction for all but INVITE and ACK: RFC 3261 §17.2.2.
inline constexpr std::array server_other{
    Rule{trying,     answer_provisional, proceeding, {send_response}},
    Rule{trying,     answer_success,     completed,  {send_response, start_timer_j}},
    Rule{trying,     answer_failure,     completed,  {send_response, start_timer_j}},
    Rule{trying,     transport_error,    terminated, {report_transport_error}},
    Rule{trying,     timer_answer,       terminated, {report_unanswered}},

    Rule{proceeding, request,            proceeding, {send_response}},
    Rule{proceeding, answer_provisional, proceeding, {send_response}},
    Rule{proceeding, answer_success,     completed,  {send_response, start_timer_j}},
    Rule{proceeding, answer_failure,     completed,  {send_response, start_timer_j}},
    Rule{proceeding, transport_error,    terminated, {report_transport_error}},
    Rule{proceeding, timer_answer,       terminated, {report_unanswered}},

    Rule{completed,  request,            completed,  {send_response}},
    Rule{completed,  transport_error,    terminated, {report_transport_error}},
    Rule{completed,  timer_j,            terminated, {}},
};
static_assert(each_pair_once(server_other));
static_assert(every_state_can_end(server_other));
static_assert(every_state_ends_in_time(server_other));

// clang-format on

}  // namespace kith::transaction::rules
