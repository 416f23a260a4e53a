#pragma once

#include <string_view>

namespace kith::event {

/// An event package: RFC 6665 §7.2. What can be subscribed to, and what notifications carry.
struct Package {
  std::string_view name;
  std::string_view content_type;

  bool operator==(const Package&) const = default;
};

}  // namespace kith::event
