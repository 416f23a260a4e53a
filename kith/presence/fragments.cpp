#include "kith/presence/fragments.h"

#include <algorithm>
#include <optional>

#include "kith/base/scanner.h"
#include "kith/presence/limits.h"

namespace kith::presence {

namespace {

constexpr std::string_view blanks = " \t\r\n";

bool is_name_char(char c) {
  return word_chars[c] || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

/// Whether a name with this prefix stands in the text, be it of an element, of an attribute or in a
/// value, as in xsi:type="m:state". Text that only looks so counts as well: a declaration too many
/// does no harm.
bool uses(std::string_view text, std::string_view prefix) {
  std::string name(prefix);
  name += ':';
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1))
    if (at == 0 || !is_name_char(text[at - 1])) return true;
  return false;
}

/// Walks along the tags of a document that a parser has found to be well-formed.
class Slicer {
 public:
  Slicer(std::string_view document, std::span<const std::string_view> path, std::size_t bytes_max)
      : document_(document), path_(path), bytes_max_(bytes_max) {}

  Result<std::vector<Fragment>> run() {
    while (!done_ && (at_ = document_.find('<', at_)) != std::string_view::npos)
      if (const auto refused = markup()) return std::unexpected(*refused);
    return std::move(fragments_);
  }

 private:
  /// xmlns:prefix="value", the value with its quotes; the prefix is empty for xmlns="value".
  struct Declaration {
    std::string_view prefix;
    std::string_view value;
    std::size_t depth;
  };

  /// The child of the element at the end of the path that is being read.
  struct Child {
    std::size_t begin;
    std::size_t name_end;
    std::size_t content_begin;
    std::size_t outer;              // how many declarations were made around it
    std::size_t default_depth = 0;  // of the element inside that has xmlns="…", or 0
    bool uses_default = false;      // of what is around it
  };

  std::optional<Error> markup() {
    const std::string_view rest = document_.substr(at_);
    if (rest.starts_with("<!--")) return skip("<!--", "-->");
    if (rest.starts_with("<![CDATA[")) return skip("<![CDATA[", "]]>");
    if (rest.starts_with("<?")) return skip("<?", "?>");
    if (!rest.starts_with("</")) return start_tag();
    const std::size_t content_end = at_;
    if (const auto refused = skip("</", ">")) return refused;
    return leave(content_end);
  }

  std::optional<Error> skip(std::string_view opening, std::string_view closing) {
    const std::size_t end = document_.find(closing, at_ + opening.size());
    if (end == std::string_view::npos) return malformed();
    at_ = end + closing.size();
    return std::nullopt;
  }

  std::optional<Error> start_tag() {
    const std::size_t begin = at_;
    const std::size_t outer = scope_.size();
    ++depth_;
    at_ = std::min(document_.find_first_of(" \t\r\n/>", begin), document_.size());
    const std::string_view name = document_.substr(begin + 1, at_ - begin - 1);
    const std::size_t name_end = at_;
    if (const auto refused = attributes()) return refused;
    const bool closed = document_[at_] == '/';
    if (closed && !document_.substr(at_).starts_with("/>")) return malformed();
    at_ += closed ? 2 : 1;
    enter(name, {.begin = begin, .name_end = name_end, .content_begin = at_, .outer = outer});
    return closed ? leave(at_) : std::nullopt;
  }

  /// Up to the "/" or ">" that ends the tag.
  std::optional<Error> attributes() {
    while (true) {
      at_ = document_.find_first_not_of(blanks, at_);
      if (at_ == std::string_view::npos) return malformed();
      if (document_[at_] == '/' || document_[at_] == '>') return std::nullopt;
      const std::size_t equals = document_.find('=', at_);
      const std::size_t quote = document_.find_first_of("\"'", at_);
      if (quote == std::string_view::npos || equals > quote) return malformed();
      const std::size_t end = document_.find(document_[quote], quote + 1);
      if (end == std::string_view::npos) return malformed();
      std::string_view name = document_.substr(at_, equals - at_);
      name = name.substr(0, name.find_last_not_of(blanks) + 1);
      at_ = end + 1;
      const bool prefixed = name.starts_with("xmlns:");
      if (!prefixed && name != "xmlns") continue;
      if (scope_.size() == namespaces_max)
        return Error{.fault = Fault::too_many, .where = "XML namespaces", .offset = at_};
      scope_.push_back({.prefix = prefixed ? name.substr(6) : std::string_view{},
                        .value = document_.substr(quote, end + 1 - quote),
                        .depth = depth_});
    }
  }

  void enter(std::string_view name, const Child& child) {
    const std::string_view local = name.substr(name.find(':') + 1);  // npos + 1 is 0
    if (!child_ && matched_ == path_.size() && depth_ == matched_ + 1) child_ = child;
    if (!child_) {
      if (matched_ + 1 == depth_ && matched_ < path_.size() && local == path_[matched_]) ++matched_;
      return;
    }
    if (child_->default_depth != 0) return;
    const bool declares =
        std::any_of(scope_.begin() + static_cast<std::ptrdiff_t>(child.outer), scope_.end(),
                    [](const Declaration& d) { return d.prefix.empty(); });
    if (declares) {
      child_->default_depth = depth_;
    } else if (!name.contains(':')) {
      child_->uses_default = true;
    }
  }

  std::optional<Error> leave(std::size_t content_end) {
    if (depth_ == 0) return malformed();
    if (child_ && child_->default_depth == depth_) child_->default_depth = 0;
    if (child_ && depth_ == path_.size() + 1) {
      if (!take(*child_, content_end))
        return Error{.fault = Fault::too_long, .where = path_.back(), .offset = at_};
      child_.reset();
    }
    if (depth_ == matched_) {
      done_ = matched_ == path_.size();
      --matched_;
    }
    while (!scope_.empty() && scope_.back().depth == depth_) scope_.pop_back();
    --depth_;
    return std::nullopt;
  }

  bool take(const Child& child, std::size_t content_end) {
    const std::string_view element = document_.substr(child.begin, at_ - child.begin);
    const std::size_t name_size = child.name_end - child.begin;
    Fragment fragment{
        .xml = std::string(element.substr(0, name_size)),
        .content = document_.substr(child.content_begin, content_end - child.content_begin)};
    declare(fragment.xml, child, element);
    fragment.xml += element.substr(name_size);
    total_ += fragment.xml.size();
    if (total_ > bytes_max_) return false;
    fragments_.push_back(std::move(fragment));
    return true;
  }

  /// What the element uses of the declarations around it; an inner one hides those further out.
  void declare(std::string& tag, const Child& child, std::string_view element) const {
    if (child.uses_default) {
      std::string_view value = "\"\"";
      for (std::size_t i = 0; i < child.outer; ++i)
        if (scope_[i].prefix.empty()) value = scope_[i].value;
      tag.append(" xmlns=").append(value);
    }
    for (std::size_t i = child.outer; i-- > 0;) {
      const Declaration& declaration = scope_[i];
      const auto hides = [&](const Declaration& d) { return d.prefix == declaration.prefix; };
      const auto inner = scope_.begin() + static_cast<std::ptrdiff_t>(i) + 1;
      if (declaration.prefix.empty() || std::any_of(inner, scope_.end(), hides)) continue;
      if (!uses(element, declaration.prefix)) continue;
      tag.append(" xmlns:").append(declaration.prefix).append("=").append(declaration.value);
    }
  }

  Error malformed() const {
    return {.fault = Fault::malformed, .where = "XML", .offset = std::min(at_, document_.size())};
  }

  std::string_view document_;
  std::span<const std::string_view> path_;
  std::size_t bytes_max_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t matched_ = 0;  // how many elements of the path are open
  std::vector<Declaration> scope_;
  std::optional<Child> child_;
  std::size_t total_ = 0;
  std::vector<Fragment> fragments_;
  bool done_ = false;
};

}  // namespace

Result<std::vector<Fragment>> fragments(std::string_view document,
                                        std::span<const std::string_view> path,
                                        std::size_t bytes_max) {
  return Slicer(document, path, bytes_max).run();
}

}  // namespace kith::presence
