#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/result.h"

/// The body of a batched subscription: whom a watcher wants to watch, in one SUBSCRIBE. [MS-SIP]
/// §3.3.4.1
namespace kith::presence::adrl {

inline constexpr std::string_view content_type = "application/adrl+xml";
inline constexpr std::string_view ns = "urn:ietf:params:xml:ns:adrl";

/// What is done with the list of the dialog.
enum class Action : std::uint8_t { create, add, remove };

/// adhoclist, with one of create, add and delete.
struct AdHocList {
  std::string watcher;
  Action action = Action::create;
  std::vector<std::string> resources;  // "sip:user@host", as they came and in their order

  bool operator==(const AdHocList&) const = default;
};

/// As real clients write it: the change and its resources are in no namespace.
std::string write(const AdHocList& list);

/// Any namespace, unknown elements and attributes passed over; the error names the element or
/// attribute. How many resources there may be is for ResourceList to say.
Result<AdHocList> parse(std::string_view document);

}  // namespace kith::presence::adrl
