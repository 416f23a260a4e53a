#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "kith/base/result.h"
#include "kith/contacts/list.h"

/// The documents of the event package vnd-microsoft-roaming-contacts: [MS-SIP] §2.2.4.1, §9.1.
namespace kith::contacts::roaming {

inline constexpr std::string_view content_type = "application/vnd-microsoft-roaming-contacts+xml";

/// contactList: groups, then contacts. URIs are without "sip:", for clients put it there themselves
/// (SIP-CONT-24).
std::string write(const List& list);

/// contactDelta. URIs are whole and in lower case, for clients take them as they stand
/// (SIP-CONT-24).
std::string write(const Delta& delta);

using Document = std::variant<List, Delta>;

/// Reads either, as real servers write them: any namespace, "sip:" or not, unknown elements and
/// attributes passed over, groups that the list does not have taken for the default group. The
/// error names the attribute or element.
Result<Document> parse(std::string_view document);
/// The same, but a contactDelta is `unsupported`.
Result<List> parse_list(std::string_view document);
/// The same, but a contactList is `unsupported`.
Result<Delta> parse_delta(std::string_view document);

}  // namespace kith::contacts::roaming
