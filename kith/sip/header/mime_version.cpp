#include "kith/sip/header/mime_version.h"

namespace kith::sip {

std::optional<MimeVersion> MimeVersion::parse(Scanner& in) {
  MimeVersion version;
  if (!in.number(version.major_number) || !in.next('.') || !in.number(version.minor_number))
    return std::nullopt;
  return version;
}

}  // namespace kith::sip
