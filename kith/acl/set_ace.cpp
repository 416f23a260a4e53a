#include "kith/acl/set_ace.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace kith::acl {

namespace {

std::string_view without_blanks(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

Result<std::optional<std::string_view>> optional_text(const xml::Element& method,
                                                      std::string_view name) {
  const xml::Element* child = method.child(name);
  if (child == nullptr) return std::nullopt;
  if (method.count(name) > 1) return refuse(Fault::duplicate, name);
  if (!child->children().empty()) return refuse(Fault::malformed, name);
  return without_blanks(child->text());
}

Result<std::string_view> text(const xml::Element& method, std::string_view name) {
  const auto found = optional_text(method, name);
  if (!found) return std::unexpected(found.error());
  if (!*found) return refuse(Fault::missing, name);
  return **found;
}

}  // namespace

Result<SetAce> SetAce::parse(const xml::Element& method) {
  const auto type = text(method, "type");
  if (!type) return std::unexpected(type.error());
  const auto mask = optional_text(method, "mask");
  if (!mask) return std::unexpected(mask.error());
  const auto rights = text(method, "rights");
  if (!rights) return std::unexpected(rights.error());
  const auto number = text(method, "deltaNum");
  if (!number) return std::unexpected(number.error());
  const auto expected = parse_version(*number);
  if (!expected) return std::unexpected(expected.error());
  auto ace = Ace::parse(*type, *mask, *rights);
  if (!ace) return std::unexpected(ace.error());
  return SetAce{.ace = std::move(*ace), .expected = *expected};
}

void SetAce::write(xml::Writer& out) const {
  out.start("m:setACE").attribute("xmlns:m", name.ns);
  out.element("m:type", to_string(ace.scope()));
  out.element("m:mask", ace.mask());
  out.element("m:rights", ace.rights().to_string());
  out.element("m:deltaNum", std::to_string(expected.value));
  out.end();
}

}  // namespace kith::acl
