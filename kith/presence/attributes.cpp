#include "kith/presence/attributes.h"

#include "kith/base/text.h"
#include "kith/presence/limits.h"
#include "kith/presence/uri.h"

namespace kith::presence {

Result<std::string_view> required(const xml::Element& element, std::string_view name) {
  if (const auto value = element.attribute(name)) return *value;
  return refuse(Fault::missing, name);
}

Result<std::string> text_of(const xml::Element& element, std::string_view name) {
  const std::string_view value = element.attribute(name).value_or("");
  if (value.size() > text_bytes_max) return refuse(Fault::too_long, name);
  return std::string(value);
}

Result<std::string> uri_of(const xml::Element& element, std::string_view name) {
  const auto value = required(element, name);
  if (!value) return std::unexpected(value.error());
  std::string uri = with_scheme(trim(*value));
  if (uri.size() > uri_bytes_max) return refuse(Fault::too_long, name);
  if (!is_presentity_uri(uri)) return refuse(Fault::malformed, name);
  return uri;
}

Result<std::uint16_t> aggregate_of(const xml::Element& element) {
  const auto value = required(element, "aggregate");
  if (!value) return std::unexpected(value.error());
  const auto number = number_of<std::uint16_t>(trim(*value));
  if (!number || *number > aggregate_max) return refuse(Fault::malformed, "aggregate");
  return *number;
}

Result<const xml::Element*> only_child(const xml::Element& element, std::string_view name) {
  if (element.count(name) > 1) return refuse(Fault::duplicate, name);
  if (const xml::Element* child = element.child(name)) return child;
  return refuse(Fault::missing, name);
}

}  // namespace kith::presence
