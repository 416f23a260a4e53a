#pragma once

#include <cstdint>
#include <string_view>

#include "kith/base/result.h"
#include "kith/base/strong.h"

namespace kith::acl {

/// deltaNum: of the access list alone, whatever number the contact list has; SIP-ACL-12.
using Version = Strong<struct VersionName, std::uint32_t>;

/// Digits and nothing else; Fault::malformed, "deltaNum", for what is none or above 32 bits. 0 is a
/// number as well, though no list has it.
Result<Version> parse_version(std::string_view text);

}  // namespace kith::acl
