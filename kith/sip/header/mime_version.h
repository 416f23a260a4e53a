#pragma once

#include <cstdint>
#include <optional>

#include "kith/sip/header.h"

namespace kith::sip {

/// MIME-Version = 1*DIGIT "." 1*DIGIT
/// RFC 3261 §20.24
struct MimeVersion {
  static constexpr HeaderName name{.full = "MIME-Version"};
  using View = MimeVersion;

  std::uint32_t major_number = 1;
  std::uint32_t minor_number = 0;

  static std::optional<MimeVersion> parse(Scanner& in);
  void write(Writer& out) const { out << major_number << '.' << minor_number; }
  auto operator<=>(const MimeVersion&) const = default;
};
static_assert(Header<MimeVersion>);

}  // namespace kith::sip
