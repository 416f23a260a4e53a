#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kith::xml {

/// True for UTF-8 of which every character may stand in XML 1.0 §2.2.
bool is_text(std::string_view text);

/// Writes elements, escaped so that parse() gives back what went in. Characters that XML cannot
/// carry, and bytes that are no UTF-8, are left out.
///
/// Names are ours and constant, and written as given, prefix included: `start("m:URI")`.
class Writer {
 public:
  Writer& start(std::string_view name);
  /// Only right after start() or another attribute().
  Writer& attribute(std::string_view name, std::string_view value);
  Writer& text(std::string_view text);
  /// Content that is XML already, such as Element::inner_xml().
  Writer& raw(std::string_view xml);
  Writer& end();
  /// An element with nothing but text: `<name>text</name>`, or `<name />`.
  Writer& element(std::string_view name, std::string_view text);

  /// What was written. Every element must have ended.
  std::string take();

 private:
  void close_tag();

  std::string out_;
  std::vector<std::string> open_;
  bool in_tag_ = false;
};

}  // namespace kith::xml
