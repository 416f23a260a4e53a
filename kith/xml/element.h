#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kith::xml {

class Writer;

/// A name with its namespace, which is a URI or empty.
struct Name {
  std::string_view ns;
  std::string_view local;
};

/// One attribute of an element, its prefix resolved.
struct Attribute {
  std::string ns;  // empty for an attribute without prefix
  std::string local;
  std::string value;

  bool operator==(const Attribute&) const = default;
};

/// An element and all that is in it, as a value. The Microsoft dialect matches by local name, so
/// the look-ups do (SIP-TRAN-19); whoever cares about the namespace asks is().
class Element {
 public:
  Element() = default;
  Element(std::string_view ns, std::string_view local) : ns_(ns), local_(local) {}

  const std::string& ns() const { return ns_; }
  const std::string& local() const { return local_; }
  bool is(Name name) const { return ns_ == name.ns && local_ == name.local; }

  /// The character data directly inside, of CDATA sections too, without that of children.
  const std::string& text() const { return text_; }

  const std::vector<Element>& children() const { return children_; }
  /// The first child of that local name, or none. Lives as long as this element.
  const Element* child(std::string_view local) const;
  std::size_t count(std::string_view local) const;

  const std::vector<Attribute>& attributes() const { return attributes_; }
  /// One without namespace is preferred to one with.
  std::optional<std::string_view> attribute(std::string_view local) const;

  /// The content, written back so that it may stand inside any element that has no default
  /// namespace: every namespace is declared where it is needed. Comments and processing
  /// instructions are gone. Parsed and written again it is the same text.
  std::string inner_xml() const;

  void add(Attribute attribute) { attributes_.push_back(std::move(attribute)); }
  void add(Element child);
  void add_text(std::string_view text) { text_ += text; }

  bool operator==(const Element&) const = default;

 private:
  void write_content(Writer& out, std::string_view default_namespace) const;

  std::string ns_;
  std::string local_;
  std::string text_;
  std::size_t position_ = 0;  // how much of the parent's text comes before this element
  std::vector<Attribute> attributes_;
  std::vector<Element> children_;
};

}  // namespace kith::xml
