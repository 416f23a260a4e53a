#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/result.h"
#include "kith/base/time.h"
#include "kith/presence/aggregate.h"
#include "kith/presence/state.h"
#include "kith/sip/qvalue.h"

/// Presence between two clients without a server, and for clients that know nothing else: [MS-SIP]
/// §2.2.2, §7.
namespace kith::presence::xpidf {

inline constexpr std::string_view content_type = "application/xpidf+xml";

/// Whether the user may be reached there; in_use: is typing to whoever receives it.
enum class Status : std::uint8_t { open, closed, in_use };

/// Microsoft's addition: what the user does.
enum class Substatus : std::uint8_t {
  unknown,
  away,
  online,
  idle,
  busy,
  be_right_back,
  on_the_phone,
  out_to_lunch,
};

/// Where the user may be reached, and how he is there.
struct Address {
  std::string uri;
  std::optional<sip::QValue> priority;
  Status status = Status::open;
  std::optional<Substatus> substatus;
  std::string note;

  bool operator==(const Address&) const = default;
};

/// A group of addresses.
struct Atom {
  std::string id;
  std::optional<Time> expires;  // whole seconds
  std::vector<Address> addresses;

  bool operator==(const Atom&) const = default;
};

/// presence = presentity, atom*, display?
struct Presence {
  std::string uri;
  std::string name;          // text of the presentity, for people
  std::string display_name;  // what the user suggests to be called; empty: nothing
  std::vector<Atom> atoms;

  bool operator==(const Presence&) const = default;
};

/// What is left of it in this format: one address.
Presence of(const Aggregate& aggregate);
/// The other way: the best that any address says.
State state_of(const Presence& presence);

/// With the document type that the specification's example has.
std::string write(const Presence& presence);
/// A document type is passed over and never loaded; with declarations of its own it is forbidden.
/// Either name of the identifier of an atom and of msnsubstatus is read, and unknown elements are
/// passed over. The error names the attribute or element.
Result<Presence> parse(std::string_view document);

}  // namespace kith::presence::xpidf
