#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "kith/transaction/transactions.h"

namespace kith::transaction::testing {

inline constexpr Time start = Time{} + 1'763'689'728s;

using Times = std::vector<Duration>;

inline Flow flow_of(Transport transport, std::uint64_t id = 1) {
  return {.id = id,
          .transport = transport,
          .local = Address::v4(192, 0, 2, 1, 5060),
          .remote = Address::v4(192, 0, 2, 2, 14010)};
}

/// Transactions in virtual time, and everything that they asked for.
struct Play final : Listener {
  struct Sent {
    Duration at;
    std::string bytes;
    bool operator==(const Sent&) const = default;
  };

  Time now = start;
  std::vector<Sent> sent;
  std::vector<std::pair<Duration, Ending>> endings;
  Transactions transactions{{}, {}, *this};

  void send(const Flow&, const std::string& bytes) override {
    sent.push_back({now - start, bytes});
  }
  void ended(TransactionId, Ending why, std::error_code) override {
    endings.emplace_back(now - start, why);
  }

  TransactionId begin(Kind kind, Transport transport = Transport::udp, std::string key = "key") {
    return transactions.begin({kind, client_key(key, "OPTIONS"), flow_of(transport), "first"}, now);
  }
  void run_until(Duration end) {
    while (transactions.next_deadline() <= start + end) {
      now = std::max(now, transactions.next_deadline());
      while (transactions.fire(now)) {
      }
    }
    now = start + end;
  }
  void run() { run_until(24h); }
  Times times() const {
    Times times;
    for (const Sent& one : sent) times.push_back(one.at);
    return times;
  }
  bool empty() const {
    return transactions.clients() == 0 && transactions.servers() == 0 &&
           transactions.next_deadline() == never;
  }
};

using Endings = std::vector<std::pair<Duration, Ending>>;

}  // namespace kith::transaction::testing
