#include "kith/sip/shape/event_type.h"

#include <algorithm>

namespace kith::sip {

bool read_event_type(Scanner& in, std::string_view& type) {
  if (!in.token(type)) return false;
  const bool empty_part = type.starts_with('.') || type.ends_with('.') || type.contains("..");
  return !empty_part || in.allow("event type with an empty part");
}

std::string_view event_package_of(std::string_view type) { return type.substr(0, type.find('.')); }

std::string_view event_template_of(std::string_view type) {
  return type.substr(std::min(type.size(), event_package_of(type).size() + 1));
}

}  // namespace kith::sip
