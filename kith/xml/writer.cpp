#include "kith/xml/writer.h"

#include <algorithm>

#include "kith/base/ensure.h"
#include "kith/base/utf8.h"

namespace kith::xml {

namespace {

/// XML 1.0 §2.2: the length of the allowed character at the front, or 0.
std::size_t character_at_front(std::string_view text) {
  const std::size_t n = utf8_front(text);
  if (n == 1) {
    const char c = text.front();
    const bool allowed =
        static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n' || c == '\r';
    return allowed ? 1 : 0;
  }
  const bool no_character = text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF");
  return no_character ? 0 : n;
}

enum class Place { text, attribute };

std::string_view escape_of(char c, Place place) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";  // for "]]>" in text
    case '\r':
      return "&#13;";  // else the parser makes it a line feed
    default:
      break;
  }
  if (place == Place::text) return {};
  switch (c) {
    case '"':
      return "&quot;";
    case '\t':
      return "&#9;";
    case '\n':
      return "&#10;";
    default:
      return {};
  }
}

void escape(std::string& out, std::string_view text, Place place) {
  while (!text.empty()) {
    const std::size_t n = character_at_front(text);
    const std::string_view escaped = escape_of(text.front(), place);
    if (!escaped.empty()) {
      out += escaped;
    } else {
      out += text.substr(0, n);
    }
    text.remove_prefix(n == 0 ? 1 : n);
  }
}

}  // namespace

bool is_text(std::string_view text) {
  const auto is_plain = [](unsigned char c) { return c >= 0x20 && c < 0x80; };
  while (true) {
    text.remove_prefix(static_cast<std::size_t>(std::ranges::find_if_not(text, is_plain) -
                                                text.begin()));  // nearly all of most texts
    if (text.empty()) return true;
    const std::size_t n = character_at_front(text);
    if (n == 0) return false;
    text.remove_prefix(n);
  }
}

Writer& Writer::start(std::string_view name) {
  close_tag();
  out_ += '<';
  out_ += name;
  open_.emplace_back(name);
  in_tag_ = true;
  return *this;
}

Writer& Writer::attribute(std::string_view name, std::string_view value) {
  ensure(in_tag_);
  out_ += ' ';
  out_ += name;
  out_ += "=\"";
  escape(out_, value, Place::attribute);
  out_ += '"';
  return *this;
}

Writer& Writer::text(std::string_view text) {
  if (text.empty()) return *this;
  close_tag();
  escape(out_, text, Place::text);
  return *this;
}

Writer& Writer::raw(std::string_view xml) {
  if (xml.empty()) return *this;
  close_tag();
  out_ += xml;
  return *this;
}

Writer& Writer::end() {
  ensure(!open_.empty());
  if (in_tag_) {
    out_ += " />";
    in_tag_ = false;
  } else {
    out_ += "</";
    out_ += open_.back();
    out_ += '>';
  }
  open_.pop_back();
  return *this;
}

Writer& Writer::element(std::string_view name, std::string_view text) {
  return start(name).text(text).end();
}

std::string Writer::take() {
  ensure(open_.empty());
  return std::move(out_);
}

void Writer::close_tag() {
  if (in_tag_) out_ += '>';
  in_tag_ = false;
}

}  // namespace kith::xml
