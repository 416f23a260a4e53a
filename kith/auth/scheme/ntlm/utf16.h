#pragma once

#include <optional>
#include <string>
#include <string_view>

/// UTF-16 with the low byte first, as raw bytes: the text of NTLM. [MS-NLMP] §2.2
namespace kith::auth::ntlm {

/// Nothing for what is no UTF-8.
std::optional<std::string> utf16(std::string_view utf8);

/// Nothing for half a unit or half a surrogate pair.
std::optional<std::string> utf8(std::string_view utf16);

/// Upper case, one unit for one: of Latin, Greek and Cyrillic letters. Others are left alone.
std::string upper(std::string_view utf16);

}  // namespace kith::auth::ntlm
