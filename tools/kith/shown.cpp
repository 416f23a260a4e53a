#include "tools/kith/shown.h"

#include <fmt/format.h>

#include <algorithm>

#include "kith/base/utf8.h"

namespace kith::tool {

namespace {

std::string joined(const std::vector<std::string>& characters) {
  std::string all;
  for (const std::string& each : characters) all += each;
  return all;
}

}  // namespace

std::vector<std::string> characters(std::string_view text) {
  std::vector<std::string> all;
  while (!text.empty()) {
    const std::size_t size = utf8_front(text);
    const auto first = static_cast<unsigned char>(text.front());
    const bool control = first < 0x20 || first == 0x7f ||
                         (first == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa0);
    if (first == '\t')
      all.emplace_back(" ");
    else if (size == 0 || control)
      all.push_back(fmt::format("\\x{:02x}", static_cast<unsigned>(first)));
    else
      all.emplace_back(text.substr(0, size));
    text.remove_prefix(size == 0 || control ? 1 : size);
  }
  return all;
}

std::string shown(std::string_view text) { return joined(characters(text)); }

std::size_t width(const std::vector<std::string>& characters) {
  std::size_t columns = 0;
  for (const std::string& each : characters) columns += each.starts_with("\\x") ? each.size() : 1;
  return columns;
}

std::size_t width(std::string_view text) { return width(characters(text)); }

std::string cut(std::string_view text, std::size_t columns) {
  std::vector<std::string> all = characters(text);
  if (width(all) <= columns) return joined(all);
  if (columns == 0) return {};
  while (width(all) + 1 > columns) all.pop_back();
  return joined(all) + "…";
}

}  // namespace kith::tool
