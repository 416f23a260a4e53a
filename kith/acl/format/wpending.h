#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kith/acl/pending.h"
#include "kith/base/result.h"

/// The document of the event package presence.wpending, which is not in [MS-SIP]: real clients
/// subscribe to it.
namespace kith::acl::wpending {

inline constexpr std::string_view content_type = "text/xml+msrtc.wpending";

/// watchers, with everybody who waits.
std::string write(const Pending& pending);

/// Whatever the root is called. Nothing at all is nobody, for servers may send an empty body. The
/// error names "uri", where it is missing, none or too long.
Result<std::vector<Watcher>> parse(std::string_view document);

}  // namespace kith::acl::wpending
