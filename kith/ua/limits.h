#pragma once

#include <cstddef>

namespace kith::ua {

/// What peers can make an endpoint hold. Each is met by a test.
struct Limits {
  std::size_t server_transactions_max = 200'000;  // over it: 503, without a transaction
  std::size_t client_transactions_max = 200'000;  // over it: Ending::refused
  std::size_t connections_max = 100'000;          // over it: closed as soon as it opens
};

/// What peers can make a user agent hold besides. Each is met by a test.
struct UserAgentLimits {
  std::size_t dialogs_max = 100'000;  // over it: respond() sends 503, and responses make none
  std::size_t forks_max = 32;         // dialogs of one request of ours; over it: responses without
  std::size_t subscriptions_max =
      16;  // of one dialog; over it: respond() sends 503, send() refuses
  std::size_t subscribing_max = 10'000;  // of ours that wait for a NOTIFY; over it the oldest goes
};

/// What peers can make a proxy hold besides. Each is met by a test.
struct ProxyLimits {
  std::size_t contexts_max = 200'000;  // requests that are being forwarded; over it: 503
  std::size_t targets_max = 32;        // of one request; over it: forward() refuses
};

// A tick stops after so many timers and asks to be called again: what it asks for stays bounded.
inline constexpr std::size_t timers_per_tick_max = 4'096;

// The largest UDP payload over IPv4: 65,535 bytes without the headers of IP and UDP.
inline constexpr std::size_t datagram_size_max = 65'507;

// What one registration may have. RFC 5626 §4.2 asks for two flows; more help nobody.
inline constexpr std::size_t registration_flows_max = 4;
inline constexpr std::size_t temp_gruus_max = 64;      // over it the oldest goes
inline constexpr std::size_t service_routes_max = 16;  // over it none is kept
inline constexpr int registration_challenges_max = 8;  // in a row, to one REGISTER

}  // namespace kith::ua
