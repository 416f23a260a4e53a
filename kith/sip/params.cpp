#include "kith/sip/params.h"

#include <algorithm>
#include <array>
#include <span>

#include "kith/sip/limits.h"

namespace kith::sip {

namespace {

constexpr CharSet blank_chars{" \t"};
/// gen-value = token / host / quoted-string: with what an IPv6 reference needs; RFC 3261 §25.1
constexpr CharSet value_chars = token_chars | CharSet{"[]:"};
/// What peers also leave unquoted: all but what ends a value.
constexpr CharSet tolerated_chars = value_chars | CharSet{"/?@=&$#(){}^|\\<>"};

/// Names seen so far, to find one given twice.
class Names {
 public:
  /// False if there are too many.
  bool add(std::string_view name, Scanner& in) {
    for (const Name& known : std::span{names_}.first(count_))
      if (equal_ignoring_case({known.text, known.length}, name))
        return in.allow("parameter given twice") || in.refuse(Fault::duplicate);
    if (count_ == names_.size()) return in.refuse(Fault::too_many);
    names_[count_++] = {name.data(), name.size()};
    return true;
  }

 private:
  struct Name {
    const char* text;
    std::size_t length;
  };

  std::size_t count_ = 0;
  std::array<Name, params_max> names_;  // only the first count_ mean anything
};

bool read_value(Scanner& in, const CharSet& more_tolerated) {
  std::string_view value;
  if (in.peek() == '"') return in.quoted(value);
  if (!in.run(value_chars, value) && !more_tolerated[in.peek()])
    return in.allow("parameter without value after the equals sign");
  if (more_tolerated[in.peek()]) {
    if (!in.allow("unquoted character in a parameter value")) return false;
    in.run(more_tolerated);
  }
  return true;
}

/// name, name=value or name="value".
std::string spelled(const Param& param, char separator) {
  std::string text{param.name};
  if (param.quoted) return text.append("=\"").append(param.value).append("\"");
  if (separator == ',' || !param.value.empty()) text.append("=").append(param.value);
  return text;
}

}  // namespace

std::optional<Param> take_param(std::string_view& text, char separator) {
  const char* at = text.data();
  const char* const end = at + text.size();
  const auto span = [](const char* from, const char* to) {
    return std::string_view{from, static_cast<std::size_t>(to - from)};
  };
  while (at != end && (*at == separator || blank_chars[*at])) ++at;
  if (at == end) return std::nullopt;
  Param param;
  const char* start = at;
  while (at != end && *at != '=' && *at != separator && !blank_chars[*at]) ++at;
  param.name = span(start, at);
  while (at != end && blank_chars[*at]) ++at;
  if (at != end && *at == '=') {
    ++at;
    while (at != end && blank_chars[*at]) ++at;
    param.quoted = at != end && *at == '"';
    start = param.quoted ? ++at : at;
    if (param.quoted) {
      for (; at != end && *at != '"'; ++at)
        if (*at == '\\' && at + 1 != end) ++at;
    } else {
      while (at != end && *at != separator && !blank_chars[*at]) ++at;
    }
    param.value = span(start, at);
    if (param.quoted && at != end) ++at;
  }
  text = span(at, end);
  return param;
}

bool read(Scanner& in, ParamsView& params) {
  const char* const start = in.position();
  const char* end = start;
  Names names;
  while (in.separator(';')) {
    std::string_view name;
    if (!in.token(name)) {
      if ((in.at_end() || in.peek() == ';' || in.peek() == ',') && in.allow("empty parameter"))
        continue;
      return false;
    }
    if (!names.add(name, in)) return false;
    if (in.separator('=') && !read_value(in, tolerated_chars)) return false;
    end = in.position();
  }
  params = ParamsView::of({start, static_cast<std::size_t>(end - start)});
  return true;
}

bool read(Scanner& in, AuthParamsView& params) {
  const char* const start = in.position();
  const char* end = start;
  Names names;
  do {
    std::string_view name;
    if (!in.token(name)) {
      if (end != start && (in.at_end() || in.peek() == ',') && in.allow("empty parameter"))
        continue;
      return false;
    }
    if (!names.add(name, in)) return false;
    if (!in.separator('=') || !read_value(in, tolerated_chars)) return false;
    end = in.position();
  } while (in.separator(','));
  params = AuthParamsView::of({start, static_cast<std::size_t>(end - start)});
  return true;
}

template <class Text, char Separator>
void BasicParams<Text, Separator>::write(Writer& out) const {
  bool first = true;
  for (const Param& param : *this) {
    if (Separator == ';')
      out << ';';
    else if (!first)
      out << ", ";
    first = false;
    out << param.name;
    if (param.quoted)
      out << "=\"" << param.value << '"';
    else if (Separator == ',' || !param.value.empty())
      out << '=' << param.value;  // only a header parameter can be a flag
  }
}

template <class Text, char Separator>
bool BasicParams<Text, Separator>::operator==(const BasicParams& other) const {
  auto a = begin();
  auto b = other.begin();
  for (; a != end() && b != other.end(); ++a, ++b)
    if (*a != *b) return false;
  return a == end() && b == other.end();
}

template <class Text, char Separator>
void BasicParams<Text, Separator>::put(std::string_view name, std::string_view element)
  requires Owning<Text>
{
  std::string text;
  bool done = element.empty();
  const auto append = [&text](std::string_view what) {
    if (what.empty()) return;
    if (Separator == ';')
      text += ';';
    else if (!text.empty())
      text += ", ";
    text += what;
  };
  for (const Param& param : *this) {
    if (!equal_ignoring_case(param.name, name)) {
      append(spelled(param, Separator));
    } else if (!done) {
      append(element);
      done = true;
    }
  }
  if (!done) append(element);
  text_ = std::move(text);
}

template <class Text, char Separator>
void BasicParams<Text, Separator>::set(std::string_view name, std::string_view value)
  requires Owning<Text>
{
  if (!std::ranges::all_of(value, [](char c) { return value_chars[c] || c == '/' || c == '@'; }))
    return set_quoted(name, value);
  std::string element{name};
  if (!value.empty()) element.append("=").append(value);
  put(name, element);
}

template <class Text, char Separator>
void BasicParams<Text, Separator>::set_quoted(std::string_view name, std::string_view value)
  requires Owning<Text>
{
  std::string element{name};
  Writer out(element);
  out << '=';
  out.quoted(value);
  put(name, element);
}

template <class Text, char Separator>
void BasicParams<Text, Separator>::remove(std::string_view name)
  requires Owning<Text>
{
  put(name, {});
}

template class BasicParams<std::string, ';'>;
template class BasicParams<std::string, ','>;
template void BasicParams<std::string_view, ';'>::write(Writer&) const;
template void BasicParams<std::string_view, ','>::write(Writer&) const;
template bool BasicParams<std::string_view, ';'>::operator==(const BasicParams&) const;
template bool BasicParams<std::string_view, ','>::operator==(const BasicParams&) const;

std::optional<std::uint32_t> seconds(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  Scanner in(*text);
  std::uint32_t value = 0;
  if (!in.number(value) || !in.at_end()) return std::nullopt;
  return value;
}

std::string unquote(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

}  // namespace kith::sip
