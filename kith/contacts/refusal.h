#pragma once

#include <cstdint>
#include <string_view>

namespace kith::contacts {

/// Why a list was not changed.
enum class Refusal : std::uint8_t {
  version_conflict,
  versions_exhausted,  // deltaNum is at its highest: it never starts again at a number used before
  malformed_uri,
  malformed_text,
  malformed_extension,
  too_long,
  unknown_group,  // a contact names a group that does not exist
  group_zero,
  no_such_contact,
  no_such_group,
  already_there,
  group_in_use,
  default_group,
  too_many_groups,
  too_many_contacts,
};

/// The SIP status that answers it.
unsigned status_of(Refusal refusal);

/// A short sentence for the reason phrase and the log, without anything the peer sent.
std::string_view to_string(Refusal refusal);

}  // namespace kith::contacts
