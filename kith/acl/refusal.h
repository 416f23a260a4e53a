#pragma once

#include <cstdint>
#include <string_view>

namespace kith::acl {

/// Why an access list was not changed.
enum class Refusal : std::uint8_t {
  version_conflict,
  versions_exhausted,  // deltaNum is at its highest: it never starts again at a number used before
  no_such_ace,
  already_there,
  too_many_aces,
};

/// The SIP status that answers it.
unsigned status_of(Refusal refusal);

/// A short sentence for the reason phrase and the log, without anything the peer sent.
std::string_view to_string(Refusal refusal);

}  // namespace kith::acl
