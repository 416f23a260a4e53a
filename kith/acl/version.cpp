#include "kith/acl/version.h"

#include "kith/base/number.h"

namespace kith::acl {

Result<Version> parse_version(std::string_view text) {
  if (const auto number = number_of<std::uint32_t>(text)) return Version{*number};
  return refuse(Fault::malformed, "deltaNum");
}

}  // namespace kith::acl
