#pragma once

#include <cstdint>
#include <deque>
#include <expected>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "kith/base/transport.h"
#include "kith/location/choose.h"
#include "kith/location/config.h"
#include "kith/location/target.h"
#include "kith/sip/header/via.h"

namespace kith::location {

/// The services of the domain: RFC 3263 §4.1
struct FindServices {};

/// Which transports have SRV records, where no NAPTR record says it: RFC 3263 §4.1
struct ProbeTransports {};

/// The servers of one service, or where there is none, the domain itself: RFC 3263 §4.2
struct FindServers {
  Service service;
};

/// The addresses of a server: RFC 3263 §4.2
struct FindAddresses {
  Transport transport = Transport::udp;
  std::string host;
  std::uint16_t port = 0;
};

/// One address of a server.
struct Candidate {
  enum class Use : std::uint8_t {
    as_found,
    in_place_of_udp,  // TCP, for a request that is too long
    after_all,        // UDP, as TCP was refused
  };

  Target target;
  Use use = Use::as_found;
  bool late = false;  // it failed lately, and all others have had their turn
};

/// UDP again, if TCP in its place is refused: RFC 3261 §18.1.1
struct WayBack {
  Target target;
};

using Step =
    std::variant<FindServices, ProbeTransports, FindServers, FindAddresses, Candidate, WayBack>;

enum class Length : std::uint8_t { any, too_long_for_datagrams };

/// How a search goes about it. Each step is replaced by those that it finds out.
struct Plan {
  std::deque<Step> steps{};
  std::string domain{};  // TARGET of RFC 3263 §4
  std::string tls_name{};
  std::optional<std::uint8_t> ttl{};
  std::vector<Transport> transports{};  // that will do, best first
  std::vector<RecordType> families{};
  Length length = Length::any;
};

std::expected<Plan, Exhaustion> plan(const Request& request, const Config& config);
std::expected<Plan, Exhaustion> plan(const sip::Via& via, const Config& config);

}  // namespace kith::location
