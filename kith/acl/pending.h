#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kith/acl/list.h"
#include "kith/sip/uri.h"

namespace kith::acl {

/// Somebody who waits until the user decides.
struct Watcher {
  std::string uri;           // "sip:user@host" in lower case: what the client sends back in setACE
  std::string display_name;  // empty: none, or longer than display_name_bytes_max

  bool operator==(const Watcher&) const = default;
};

/// Who waits for one user's answer: watchers whose verdict is Access::prompt, each once, whatever
/// number of devices they watch from. In the order in which they came.
class Pending {
 public:
  /// True if somebody new waits, so that the user's devices are told. False for one who is here
  /// already, has no address of record of at most uri_bytes_max, or comes when pending_max wait:
  /// those who wait are not pushed out by a crowd.
  bool add(const sip::UriView& watcher, std::string_view display_name);
  /// Where the last subscription of a watcher has ended. True if they waited.
  bool remove(const sip::UriView& watcher);
  /// After the list changed: who need not wait any longer is let go. True if somebody was.
  bool settle(const sip::Aor& presentity, const List& acl);

  const std::vector<Watcher>& watchers() const { return watchers_; }

  bool operator==(const Pending&) const = default;

 private:
  std::vector<Watcher> watchers_;
};

}  // namespace kith::acl
