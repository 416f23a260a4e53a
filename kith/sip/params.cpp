#include "kith/sip/params.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>

#include "kith/sip/limits.h"
#include "kith/sip/params_read.h"

namespace kith::sip {

namespace {

constexpr CharSet blank_chars{" \t"};
/// For walking along parameters that are known to be well-formed.
struct Separators {
  constexpr explicit Separators(std::string_view separator)
      : between(CharSet{separator} | CharSet{" \t"}),
        value(~between),
        name(~(between | CharSet{"="})),
        unquoted(~(CharSet{separator} | CharSet{"\""})) {}

  CharSet between;   // what stands between two parameters
  CharSet value;     // all that does not end a value without quotes
  CharSet name;      // all that does not end a name
  CharSet unquoted;  // all up to the next parameter, but for a quoted value
};
constexpr Separators semicolons(";");
constexpr Separators commas(",");

std::string_view span(const char* from, const char* to) {
  return {from, static_cast<std::size_t>(to - from)};
}

/// The quote that ends a quoted-string, or `end`; `at` is after the one that begins it.
const char* closing_quote(const char* at, const char* end) {
  for (; at != end && *at != '"'; ++at)
    if (*at == '\\' && at + 1 != end) ++at;
  return at;
}

/// gen-value = token / host / quoted-string: with what an IPv6 reference needs; RFC 3261 §25.1
constexpr CharSet value_chars = token_chars | CharSet{"[]:"};
/// What peers also leave unquoted: all but what ends a value.
constexpr CharSet tolerated_chars = value_chars | CharSet{"/?@=&$#(){}^|\\<>"};

/// Names seen so far, to find one given twice.
class Names {
 public:
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

/// A value that is absent, or has what may not stand there without quotes.
bool read_odd_value(Scanner& in) {
  std::string_view value;
  if (!in.run(value_chars, value) && !tolerated_chars[in.peek()])
    return in.allow("parameter without value after the equals sign");
  if (tolerated_chars[in.peek()]) {
    if (!in.allow("unquoted character in a parameter value")) return false;
    in.run(tolerated_chars);
  }
  return true;
}

[[gnu::always_inline]] inline bool read_value(Scanner& in) {
  std::string_view value;
  const char* const start = in.position();
  if (in.peek() == '"') return in.quoted(value);
  if (in.run(value_chars, value) && !tolerated_chars[in.peek()]) return true;
  in.move_to(start);
  return read_odd_value(in);
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
  const Separators& ends = separator == ';' ? semicolons : commas;
  const char* const end = text.data() + text.size();
  const char* const name = ends.between.run_end(text.data(), end);
  if (name == end) return std::nullopt;
  const char* at = ends.name.run_end(name, end);
  Param param{.name = span(name, at), .value = {}};
  while (at != end && blank_chars[*at]) ++at;
  if (at != end && *at == '=') {
    do ++at;
    while (at != end && blank_chars[*at]);
    const char* const value = at;
    param.quoted = at != end && *at == '"';
    if (param.quoted) {
      at = closing_quote(value + 1, end);
      param.value = span(value + 1, at);
      if (at != end) ++at;
    } else {
      at = ends.value.run_end(value, end);
      param.value = span(value, at);
    }
  }
  text = span(at, end);
  return param;
}

std::string_view unquoted_value(std::string_view text, char separator) {
  const char* end = text.data() + text.size();
  const void* const found = std::memchr(text.data(), separator, text.size());
  if (found != nullptr) end = static_cast<const char*>(found);
  while (end != text.data() && blank_chars[end[-1]]) --end;
  return span(text.data(), end);
}

namespace {

/// Most names are asked for as they are written.
bool same_name(const char* at, std::string_view name) {
  std::size_t i = 0;
  while (i < name.size() && at[i] == name[i]) ++i;
  return i == name.size() || equal_ignoring_case({at + i, name.size() - i}, name.substr(i));
}

}  // namespace

std::optional<std::string_view> find_param(std::string_view text, char separator,
                                           std::string_view name) {
  const Separators& ends = separator == ';' ? semicolons : commas;
  const char* const end = text.data() + text.size();
  const char* at = text.data();
  while (true) {
    while (at != end && ends.between[*at]) ++at;
    const auto left = static_cast<std::size_t>(end - at);
    if (left < name.size() || left == 0) return std::nullopt;
    const bool whole = left == name.size() || !ends.name[at[name.size()]];
    if (whole && same_name(at, name)) {
      const char* const value = at + name.size() + 1;
      if (value < end && value[-1] == '=' && ends.value[*value] && *value != '"')
        return unquoted_value(span(value, end), separator);
      std::string_view rest = span(at, end);
      return take_param(rest, separator)->value;
    }
    // On to the next one: to a separator that stands in no quotes.
    at = ends.unquoted.run_end(at, end);
    while (at != end && *at == '"') {
      at = closing_quote(at + 1, end);
      if (at != end) at = ends.unquoted.run_end(at + 1, end);
    }
  }
}

bool read(Scanner& in, ParamsView& params) {
  if (in.may_be_usual()) {
    Cursor usual = in.cursor();
    if (detail::read_usual_params(usual, params)) {
      in.follow(usual);
      return true;
    }
  }
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
    if (in.separator('=') && !read_value(in)) return false;
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
    if (!in.separator('=') || !read_value(in)) return false;
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
  if (has(name)) put(name, {});
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

namespace {

std::optional<Param> first_of(const ParamsView& params, std::string_view name) {
  for (const Param& param : params)
    if (equal_ignoring_case(param.name, name)) return param;
  return std::nullopt;
}

bool same_value(const Param& a, const Param& b) {
  const auto is_flag = [](const Param& param) { return param.value.empty() && !param.quoted; };
  if (is_flag(a) || is_flag(b)) return is_flag(a) && is_flag(b);
  if (a.quoted || b.quoted) return unquote(a.value) == unquote(b.value);
  return equal_ignoring_case(a.value, b.value);
}

enum class Missing : std::uint8_t { matters, ignored };

/// Each parameter of `a` is the same in `b`.
bool all_in(const ParamsView& a, const ParamsView& b, Missing missing) {
  for (const Param& each : a) {
    const std::optional<Param> other = first_of(b, each.name);
    if (!other && missing == Missing::matters) return false;
    if (other && !same_value(*first_of(a, each.name), *other)) return false;
  }
  return true;
}

}  // namespace

bool equivalent(const ParamsView& a, const ParamsView& b) {
  return all_in(a, b, Missing::matters) && all_in(b, a, Missing::matters);
}

bool shared_equivalent(const ParamsView& a, const ParamsView& b) {
  return all_in(a, b, Missing::ignored);
}

}  // namespace kith::sip
