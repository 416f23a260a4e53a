#pragma once

#include <cstdint>
#include <string_view>

#include "kith/base/strong.h"
#include "kith/base/time.h"

namespace kith::transaction {

/// Names one transaction of one endpoint; never reused while the endpoint lives. Zero names none.
using TransactionId = Strong<struct TransactionIdName, std::uint64_t>;

/// How a transaction ended.
enum class Ending : std::uint8_t {
  complete,         // it did what it was for, and nothing of it can come again
  timed_out,        // the peer did not answer, or did not acknowledge a refused INVITE
  transport_error,  // the connection broke, or there was none
  unanswered,       // the layer above never gave a final response
  refused,          // a limit was reached: nothing was sent
  dropped,          // the layer above gave it up: forget()
};

/// The enumerator's own name.
std::string_view to_string(Ending why);

/// How long things take: RFC 3261 Appendix A, with the names that it gives them. What is not here
/// follows from these: B, F, H, J, L and M are 64 * T1.
struct Timers {
  Duration t1 = 500ms;      // round trip, a guess
  Duration t2 = 4s;         // longest pause between retransmissions
  Duration t4 = 5s;         // longest that a message stays in the network; I and K
  Duration d = 32s;         // RFC 3261 §17.1.1.2: at least 32 s
  Duration c = 181s;        // more than 3 minutes, RFC 3261 §16.6: longest wait after a provisional
  Duration trying = 200ms;  // RFC 3261 §17.2.1: until the 100 that an INVITE gets by itself

  // How long the layer above may take for a final response, so that what it forgets does not stay;
  // to an INVITE, after each provisional one: RFC 3261 §13.3.1.1.
  Duration answer = 64s;
  Duration answer_invite = 10min;
};

}  // namespace kith::transaction
