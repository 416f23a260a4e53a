#include "kith/sip/uri_headers.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "kith/base/text.h"

namespace kith::sip {

std::vector<std::string> header_names(const UriView& uri) {
  std::vector<std::string> names;
  for (std::string_view rest = uri.headers; !rest.empty();) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    std::string name = unescape(rest.substr(0, std::min(end, rest.find('='))));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const auto same = [&name](std::string_view known) { return equal_ignoring_case(known, name); };
    if (!name.empty() && std::ranges::none_of(names, same)) names.push_back(std::move(name));
  }
  return names;
}

}  // namespace kith::sip
