#include "kith/xml/element.h"

#include <algorithm>

#include "kith/xml/writer.h"

namespace kith::xml {

namespace {

constexpr std::string_view xml_namespace = "http://www.w3.org/XML/1998/namespace";

void write_attributes(Writer& out, const Element& element) {
  std::size_t prefixes = 0;
  for (const Attribute& attribute : element.attributes()) {
    if (attribute.ns.empty()) {
      out.attribute(attribute.local, attribute.value);
    } else if (attribute.ns == xml_namespace) {
      out.attribute("xml:" + attribute.local, attribute.value);
    } else {
      const std::string prefix = "n" + std::to_string(++prefixes);
      out.attribute("xmlns:" + prefix, attribute.ns);
      out.attribute(prefix + ":" + attribute.local, attribute.value);
    }
  }
}

}  // namespace

const Element* Element::child(std::string_view local) const {
  const auto found = std::ranges::find(children_, local, &Element::local_);
  return found == children_.end() ? nullptr : &*found;
}

std::size_t Element::count(std::string_view local) const {
  return static_cast<std::size_t>(std::ranges::count(children_, local, &Element::local_));
}

std::optional<std::string_view> Element::attribute(std::string_view local) const {
  const Attribute* found = nullptr;
  for (const Attribute& attribute : attributes_) {
    if (attribute.local != local) continue;
    if (attribute.ns.empty()) return attribute.value;
    if (found == nullptr) found = &attribute;
  }
  if (found == nullptr) return std::nullopt;
  return found->value;
}

void Element::add(Element child) {
  child.position_ = text_.size();
  children_.push_back(std::move(child));
}

void Element::write_content(Writer& out, std::string_view default_namespace) const {
  const std::string_view text = text_;
  std::size_t written = 0;
  for (const Element& child : children_) {
    out.text(text.substr(written, child.position_ - written));
    written = child.position_;
    out.start(child.local_);
    if (child.ns_ != default_namespace) out.attribute("xmlns", child.ns_);
    write_attributes(out, child);
    child.write_content(out, child.ns_);
    out.end();
  }
  out.text(text.substr(written));
}

std::string Element::inner_xml() const {
  Writer out;
  write_content(out, "");
  return out.take();
}

}  // namespace kith::xml
