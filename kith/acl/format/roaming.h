#pragma once

#include <string>
#include <string_view>

#include "kith/acl/list.h"
#include "kith/base/result.h"

/// The document of the event package vnd-microsoft-roaming-ACL: [MS-SIP] §2.2.3, §8.
namespace kith::acl::roaming {

inline constexpr std::string_view content_type = "application/vnd-microsoft-roaming-acls+xml";

/// ACLlist with its deltaNum: the first notification, and each after a change. [MS-SIP] defines no
/// delta of it, and the real client takes the new number from whatever comes.
std::string write(const List& list);

/// In any namespace; unknown elements and attributes are passed over, an entry without rights has
/// AA. No entry at all is a list that says nothing. The error names the attribute or "ACLlist",
/// which is `duplicate` where two entries have one scope and mask.
Result<List> parse(std::string_view document);

}  // namespace kith::acl::roaming
