#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kith/base/address.h"
#include "kith/base/time.h"
#include "kith/location/limits.h"

namespace kith::location {

/// The kinds of records that locate a server, with their numbers on the wire.
enum class RecordType : std::uint16_t {
  a = 1,
  cname = 5,
  soa = 6,
  aaaa = 28,
  srv = 33,
  naptr = 35
};

/// Names here are in lower case and without a dot at the end; the root is ".".
std::string canonical_name(std::string_view name);

/// What is asked of the DNS: a name, and which records it has.
struct Question {
  std::string name;
  RecordType type = RecordType::a;

  auto operator<=>(const Question&) const = default;
};

/// A rule of rewriting; of those that SIP uses, `flags` is "s", `regexp` is empty, and
/// `replacement` is where SRV records are. RFC 3403 §4.1, RFC 3263 §4.1
struct Naptr {
  std::uint16_t order = 0;
  std::uint16_t preference = 0;
  std::string flags{};
  std::string services{};
  std::string regexp{};
  std::string replacement{};

  bool operator==(const Naptr&) const = default;
};

/// Where a service is: RFC 2782. The target "." means that it decidedly is not offered.
struct Srv {
  std::uint16_t priority = 0;
  std::uint16_t weight = 0;
  std::uint16_t port = 0;
  std::string target{};

  bool operator==(const Srv&) const = default;
};

/// The name that another stands for.
struct Cname {
  std::string target;

  bool operator==(const Cname&) const = default;
};

/// Address stands for A and AAAA; its port is 0.
using RecordData = std::variant<Address, Srv, Naptr, Cname>;

/// One record of an answer, and how long it holds.
struct Record {
  std::string owner;
  std::chrono::seconds ttl{};
  RecordData data;

  bool operator==(const Record&) const = default;
};

/// How a question to the DNS ended.
enum class AnswerCode : std::uint8_t {
  answered,        // with records, or with none of the type
  no_such_name,    // NXDOMAIN
  server_failure,  // SERVFAIL, REFUSED, NOTIMP, or what cannot be read
  timed_out,
};

/// What the resolver makes of a message of the DNS: nothing in it is believed before it was seen to
/// be about the question.
struct Answer {
  AnswerCode code = AnswerCode::answered;
  std::vector<Record> records{};  // of the answer section, in its order
  // The smaller of the TTL and the MINIMUM of the SOA that came with a negative answer: RFC 2308 §5
  std::optional<std::chrono::seconds> negative_ttl{};

  bool operator==(const Answer&) const = default;
};

/// What an answer says about its question, when all that does not belong to it is left out.
struct Finding {
  enum class Kind : std::uint8_t { found, alias, none, failed };

  Kind kind = Kind::none;
  std::vector<RecordData> records{};  // all of the type asked for
  std::string alias{};                // the name that has them, if anybody knows
  Duration ttl{};                     // how long it may be kept; 0: not at all

  bool operator==(const Finding&) const = default;
};

/// How long it is remembered that there is nothing, where no SOA says so, and that nobody answered.
/// RFC 2308 §7.1 wants the latter below five minutes.
inline constexpr Duration negative_ttl_default = 30s;
inline constexpr Duration failure_ttl = 5s;

/// Follows the aliases within the answer, at most aliases_max, and drops records of other names,
/// of other types, and those that lead nowhere (port 0, the unspecified address, a name too long).
Finding judge(const Question& question, const Answer& answer, const Limits& limits);

}  // namespace kith::location
