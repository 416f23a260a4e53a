#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/strong.h"

namespace kith::contacts {

using GroupId = Strong<struct GroupIdName, std::uint8_t>;

/// deltaNum: one number for contacts and groups of a user, one more after each change.
using Version = Strong<struct VersionName, std::uint32_t>;

/// Made by the server, neither created, changed nor deleted by the user; SIP-GRP-02, SIP-GRP-03.
inline constexpr GroupId default_group_id{1};
inline constexpr std::string_view default_group_name = "~";
inline constexpr GroupId last_group_id{63};

/// A group of a list; which contacts are in it, they say.
struct Group {
  GroupId id;
  std::string name;  // no key: two groups may have the same
  std::string external_uri;

  bool operator==(const Group&) const = default;
};

/// Somebody in a list, and the groups that hold them.
struct Contact {
  std::string uri;   // "sip:user@host", spelling kept; compared ignoring case (SIP-CONT-30)
  std::string name;  // empty: the client shows the directory's
  std::vector<GroupId> groups;  // once stored: ascending, each once, never none (SIP-CONT-16)
  bool subscribed = true;       // the client watches the presence too
  std::string external_uri;
  std::string extension;  // content of contactExtension, well-formed XML

  bool operator==(const Contact&) const = default;
};

/// A SIP or SIPS URI with user and host and nothing that would end it early, of at most
/// uri_bytes_max.
bool is_contact_uri(std::string_view uri);

}  // namespace kith::contacts
