#include "kith/acl/version.h"

#include <charconv>
#include <system_error>

namespace kith::acl {

Result<Version> parse_version(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size())
    return refuse(Fault::malformed, "deltaNum");
  return Version{number};
}

}  // namespace kith::acl
