#include <algorithm>
#include <array>
#include <map>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include "kith/base/text.h"
#include "kith/sip/uri.h"
#include "kith/sip/uri_unit.h"

namespace kith::sip {

namespace {

/// hname and hvalue: RFC 3261 §25.1
constexpr CharSet plain_header_chars = uri_unreserved | CharSet{"[]/?:+$"};

struct HeaderParts {
  std::string_view name;
  std::string_view value;  // with its "="; empty where a lenient reading found none
};

HeaderParts split(std::string_view header) {
  const std::size_t equals = std::min(header.find('='), header.size());
  return {header.substr(0, equals), header.substr(equals)};
}

bool is_header(std::string_view header, std::string_view name) {
  return equal_ignoring_case(unescape(split(header).name), name);
}

enum class Letters : std::uint8_t { kept, lowered };

/// Without needless escapes, the others in capitals.
void append_plain(std::string& out, std::string_view text, Letters letters) {
  while (!text.empty()) {
    const Unit unit = take_unit(text);
    if (unit.escaped)
      append_escaped(out, unit.c);
    else
      out += letters == Letters::lowered ? to_lower(unit.c) : unit.c;
  }
}

/// Each part after a mark: ";" before each parameter, "?" and "&" of headers.
void append_marked(std::string& out, const std::vector<std::string>& parts, char first, char next) {
  for (char mark = first; const std::string& part : parts) {
    out += mark;
    out += part;
    mark = next;
  }
}

/// By their names: of one given twice the first counts, so these keep their order.
std::vector<std::string> plain_params(const ParamsView& params) {
  std::multimap<std::string, std::string> by_name;
  for (const Param& param : params) {
    std::string name;
    append_plain(name, param.name, Letters::lowered);
    std::string part = name;
    if (!param.value.empty()) {
      part += '=';
      append_plain(part, param.value, Letters::lowered);
    }
    by_name.emplace(std::move(name), std::move(part));
  }
  const auto parts = std::views::values(by_name);
  return {parts.begin(), parts.end()};
}

std::vector<std::string> plain_headers(std::string_view headers) {
  std::vector<std::string> parts;
  while (!headers.empty()) {
    const HeaderParts header = split(take_header(headers));
    std::string& part = parts.emplace_back();
    append_plain(part, header.name, Letters::lowered);
    append_plain(part, header.value, Letters::kept);
  }
  std::ranges::sort(parts);
  return parts;
}

std::string normal_form(const UriView& uri) {
  std::string out = to_lower(uri.scheme) + ':';
  if (!uri.is_sip()) {
    append_plain(out, uri.text, Letters::kept);
    return out;
  }
  if (!uri.user.empty()) {
    append_plain(out, uri.user, Letters::kept);
    if (uri.password) {
      out += ':';
      append_plain(out, *uri.password, Letters::kept);
    }
    out += '@';
  }
  const HostSides host = sides_of(uri.host);
  out += to_lower(host.first) + to_lower(host.second);
  if (uri.port) out.append(":").append(std::to_string(*uri.port));
  append_marked(out, plain_params(uri.params), ';', ';');
  append_marked(out, plain_headers(uri.headers), '?', '&');
  return out;
}

/// A row of table 1 of RFC 3261 §19.1.1: where the component may stand.
struct Component {
  std::string_view name;  // "port", "headers", or of a parameter
  bool request_uri;
  bool from_or_to;
  bool binding;
  bool dialog;
};
// clang-format off
constexpr auto components = std::to_array<Component>({
    {"port",      true,  false, true,  true},
    {"method",    false, false, false, false},
    {"maddr",     true,  false, true,  true},
    {"ttl",       true,  false, true,  false},
    {"transport", true,  false, true,  true},
    {"lr",        true,  false, false, true},
    {"headers",   false, false, true,  false},
});
// clang-format on

bool may_stand(const Component& component, UriContext context) {
  switch (context) {
    case UriContext::request_uri:
      return component.request_uri;
    case UriContext::from_or_to:
      return component.from_or_to;
    case UriContext::binding:
      return component.binding;
    case UriContext::dialog:
      return component.dialog;
    case UriContext::external:
      return true;
  }
  std::unreachable();
}

bool has_component(const UriView& uri, std::string_view name) {
  if (name == "port") return uri.port.has_value();
  if (name == "headers") return !uri.headers.empty();
  return uri.params.has(name);
}

}  // namespace

template <class Text>
std::optional<std::string_view> BasicUri<Text>::value_of(std::string_view name) const {
  const std::optional<std::string_view> value = params.find(name);
  return value && !value->empty() ? value : std::nullopt;
}

template <class Text>
std::optional<std::uint8_t> BasicUri<Text>::ttl() const {
  const std::optional<std::string_view> value = value_of("ttl");
  std::uint8_t hops = 0;
  if (!value || value->size() > 3) return std::nullopt;
  Scanner in(*value);
  return in.number(hops) && in.at_end() ? std::optional{hops} : std::nullopt;
}

template <class Text>
std::optional<std::string_view> BasicUri<Text>::find_header(std::string_view name) const {
  for (std::string_view rest = headers; !rest.empty();) {
    const std::string_view header = take_header(rest);
    if (!is_header(header, name)) continue;
    const std::string_view value = split(header).value;
    return value.substr(std::min<std::size_t>(1, value.size()));
  }
  return std::nullopt;
}

template <class Text>
void BasicUri<Text>::set_header(std::string_view name, std::string_view value)
  requires Owning<Text>
{
  std::string changed;
  std::string line = escape(name, plain_header_chars) + '=' + escape(value, plain_header_chars);
  bool placed = false;
  for (std::string_view rest = headers; !rest.empty();) {
    const std::string_view header = take_header(rest);
    const bool same = is_header(header, name);
    if (same && placed) continue;
    if (!changed.empty()) changed += '&';
    changed += same ? std::string_view{line} : header;
    placed |= same;
  }
  if (!placed) changed.append(changed.empty() ? "" : "&").append(line);
  headers = std::move(changed);
}

template <class Text>
void BasicUri<Text>::remove_header(std::string_view name)
  requires Owning<Text>
{
  std::string kept;
  for (std::string_view rest = headers; !rest.empty();) {
    const std::string_view header = take_header(rest);
    if (is_header(header, name)) continue;
    if (!kept.empty()) kept += '&';
    kept += header;
  }
  headers = std::move(kept);
}

template <class Text>
std::string BasicUri<Text>::normalized() const {
  return normal_form(*this);
}

template <class Text>
Result<BasicUri<Text>> BasicUri<Text>::sip(std::string_view user, std::string_view host,
                                           std::optional<std::uint16_t> port)
  requires Owning<Text>
{
  Result<BasicUri> uri(std::in_place);
  uri->scheme = "sip";
  uri->user = escape_user(user);
  uri->host = host;
  if (host.contains(':') && !host.starts_with('[')) uri->host = "[" + uri->host + "]";
  uri->port = port;
  Scanner in(uri->host, Mode::lenient, "host");
  std::string_view name;
  std::optional<std::uint16_t> none;
  if (!read_host(in, name, none) || !in.at_end() || none || port == 0)
    uri = std::unexpected(in.error());
  return uri;
}

std::optional<std::string_view> component_out_of_place(const UriView& uri, UriContext context) {
  if (!uri.is_sip()) return std::nullopt;
  for (const Component& each : components)
    if (!may_stand(each, context) && has_component(uri, each.name)) return each.name;
  return std::nullopt;
}

Uri fit(Uri uri, UriContext context) {
  while (const auto name = component_out_of_place(uri, context)) {
    if (*name == "port")
      uri.port.reset();
    else if (*name == "headers")
      uri.headers.clear();
    else
      uri.params.remove(*name);
  }
  return uri;
}

template std::optional<std::string_view> Uri::value_of(std::string_view) const;
template std::optional<std::string_view> UriView::value_of(std::string_view) const;
template std::optional<std::uint8_t> Uri::ttl() const;
template std::optional<std::uint8_t> UriView::ttl() const;
template std::optional<std::string_view> Uri::find_header(std::string_view) const;
template std::optional<std::string_view> UriView::find_header(std::string_view) const;
template void Uri::set_header(std::string_view, std::string_view);
template void Uri::remove_header(std::string_view);
template std::string Uri::normalized() const;
template std::string UriView::normalized() const;
template Result<Uri> Uri::sip(std::string_view, std::string_view, std::optional<std::uint16_t>);

}  // namespace kith::sip
