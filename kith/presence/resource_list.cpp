#include "kith/presence/resource_list.h"

#include <algorithm>
#include <set>
#include <utility>

#include "kith/base/text.h"

namespace kith::presence {

Result<std::vector<std::string>> ResourceList::apply(const adrl::AdHocList& change,
                                                     const Limits& limits) {
  if (change.action == adrl::Action::remove) {
    const std::set<std::string_view, LessIgnoringCase> gone(change.resources.begin(),
                                                            change.resources.end());
    std::erase_if(resources_, [&](const std::string& uri) { return gone.contains(uri); });
    return std::vector<std::string>{};
  }
  std::vector<std::string> next;
  if (change.action == adrl::Action::add) next = resources_;
  const std::size_t before = next.size();
  std::set<std::string, LessIgnoringCase> there(next.begin(), next.end());
  for (const std::string& uri : change.resources) {
    if (!there.insert(uri).second) continue;
    if (next.size() >= limits.resources_max) return refuse(Fault::too_many, "resource");
    next.push_back(uri);
  }
  resources_ = std::move(next);
  return std::vector<std::string>(resources_.begin() + static_cast<std::ptrdiff_t>(before),
                                  resources_.end());
}

bool ResourceList::contains(std::string_view uri) const {
  return std::ranges::any_of(
      resources_, [&](const std::string& resource) { return equal_ignoring_case(resource, uri); });
}

}  // namespace kith::presence
