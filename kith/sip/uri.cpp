#include "kith/sip/uri.h"

#include <algorithm>
#include <array>

#include "kith/base/address.h"
#include "kith/base/text.h"
#include "kith/sip/limits.h"
#include "kith/sip/shape/param_rules.h"
#include "kith/sip/uri_read.h"
#include "kith/sip/uri_unit.h"

namespace kith::sip {

namespace {

using detail::host_chars;
using detail::param_chars;
using detail::unreserved_chars;
/// user [ ":" password ] between brackets, where all of user-unreserved may stand
constexpr CharSet userinfo_chars = unreserved_chars | CharSet{"&=+$,;?/:"};
/// … and without brackets: RFC 3261 §20
constexpr CharSet bare_userinfo_chars = unreserved_chars | CharSet{"&=+$/:"};
constexpr CharSet password_chars = unreserved_chars | CharSet{"&=+$,"};
constexpr CharSet reference_chars = hex_digits | CharSet{":."};
constexpr CharSet header_chars = unreserved_chars | CharSet{"[]/?:+$&="};
constexpr CharSet scheme_chars = digits | letters | CharSet{"+-."};
/// What absoluteURI may hold: RFC 3261 §25.1
constexpr CharSet opaque_chars = unreserved_chars | CharSet{";/?:@&=+$,[]#"};
constexpr CharSet bare_opaque_chars = unreserved_chars | CharSet{"/:@&=+$[]#"};

/// The longest run of members and "%"; true if there is one of these.
inline bool run_with_escapes(Scanner& in, const CharSet& set, std::string_view& out) {
  const char* const start = in.position();
  in.run(set);
  bool escapes = false;
  while (in.next('%')) {
    escapes = true;
    in.run(set);
  }
  out = in.since(start);
  return escapes;
}

/// A token, or what one becomes in normal form, where "%29" is ")".
bool is_plain_token(const Param& param) {
  return !param.quoted && !param.value.empty() && std::ranges::all_of(param.value, [](char c) {
    return token_chars[c] || uri_unreserved[c];
  });
}

/// Quotes have been noted where they were read.
template <ParamRule holds>
bool but_for_quotes(const Param& param) {
  return holds({.name = param.name, .value = param.value});
}

/// What RFC 3261 §25.1 says of the parameters that it names.
constexpr std::array param_rules{
    NamedRule{"transport", but_for_quotes<is_plain_token>},
    NamedRule{"user", but_for_quotes<is_plain_token>},
    NamedRule{"method", but_for_quotes<is_plain_token>},
    NamedRule{"ttl", but_for_quotes<is_ttl>},
    NamedRule{"maddr", but_for_quotes<is_host>},
};

/// Whether these are the same names, in any case and whatever is escaped.
bool same_name(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty())
    if (to_lower(take_unit(a).c) != to_lower(take_unit(b).c)) return false;
  return a.empty() && b.empty();
}

/// RFC 3261 §19.1.1: a parameter must not appear more than once. `before` is the scanner as it
/// stood before them.
bool each_once(Scanner& in, const Scanner& before, const ParamsView& params) {
  for (const Param& param : params) {
    const auto first = std::ranges::find_if(
        params, [&](const Param& other) { return same_name(other.name, param.name); });
    if (first->name.data() == param.name.data()) continue;
    Scanner at = before;
    at.skip(static_cast<std::size_t>(param.name.data() - before.position()));
    if (at.allow("parameter given twice")) continue;
    in = at;
    return in.refuse(Fault::duplicate);
  }
  return true;
}

/// A '%' is followed by two hexadecimal digits.
bool check_escapes(Scanner& in, std::string_view text) {
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 3))
    if (at + 2 >= text.size() || !hex_digits[text[at + 1]] || !hex_digits[text[at + 2]])
      return in.allow("percent sign that is no escape");
  return true;
}

/// A part of a URI, perhaps empty, whose escapes are whole.
inline bool run_of(Scanner& in, const CharSet& set, std::string_view& out) {
  return !run_with_escapes(in, set, out) || check_escapes(in, out);
}

/// hostname or IPv4address, by its labels: RFC 3261 §25.1
bool proper_name(std::string_view host) {
  if (!host.empty() && host.back() == '.') host.remove_suffix(1);
  std::string_view last;
  for (std::string_view rest = host;;) {
    const std::size_t dot = rest.find('.');
    last = rest.substr(0, dot);
    if (last.empty() || last.front() == '-' || last.back() == '-') return false;
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  if (!digits[last.front()]) return true;
  return Address::parse_host(host, 0).has_value();
}

/// An IPv6 address but for a third colon before the IPv4 address at its end.
bool has_third_colon(std::string_view address) {
  const std::size_t at = address.find(":::");
  if (at == std::string_view::npos || !Address::parse_host(address.substr(at + 3), 0)) return false;
  const bool is_v4 = address.find(':', at + 3) == std::string_view::npos;
  return is_v4 && Address::parse_host(std::string{address}.erase(at, 1), 0);
}

/// user [ ":" password ], with what is odd about it
bool split_userinfo(Scanner& in, std::string_view all, UriView& uri) {
  const std::size_t colon = all.find(':');
  uri.user = all.substr(0, colon);
  if (uri.user.empty()) return false;
  if (colon != std::string_view::npos) {
    uri.password = all.substr(colon + 1);
    const auto fits = [](char c) { return password_chars[c] || c == '%'; };
    if (!std::ranges::all_of(*uri.password, fits) && !in.allow("unescaped character in a password"))
      return false;
  }
  return check_escapes(in, all);
}

inline bool read_uri_param(Scanner& in) {
  std::string_view name;
  std::string_view value;
  if (in.space() && !in.allow("blanks inside a URI")) return false;
  if (!run_of(in, param_chars, name)) return false;
  if (name.empty()) {
    const bool nothing = in.at_end() || in.peek() == ';' || in.peek() == '>' || in.peek() == '?';
    return nothing && in.allow("empty parameter");
  }
  if (!in.next('=')) return true;
  if (in.peek() == '"') return in.allow("quoted parameter in a URI") && in.quoted(value);
  if (!run_of(in, param_chars, value)) return false;
  return !value.empty() || in.allow("parameter without value after the equals sign");
}

bool read_each_param(Scanner& in, ParamsView& params) {
  const char* const start = in.position();
  std::size_t count = 0;
  while (in.next(';')) {
    if (++count > params_max) return in.refuse(Fault::too_many);
    if (!read_uri_param(in)) return false;
    const char* const here = in.position();
    if (in.space() && in.peek() != ';') in.move_to(here);
    if (in.position() != here && !in.allow("blanks inside a URI")) return false;
  }
  params = ParamsView::of(in.since(start));
  return true;
}

bool read_opaque(Scanner& in, UriView& uri, UriForm form) {
  return run_of(in, form == UriForm::whole ? opaque_chars : bare_opaque_chars, uri.text) &&
         !uri.text.empty();
}

}  // namespace

bool detail::read_odd_host(Scanner& in, const char* start, std::string_view& host) {
  if (in.peek() == '[' && in.position() == start) {
    in.skip(1);
    const std::string_view address = in.run(reference_chars);
    if (!in.next(']')) return false;
    host = in.since(start);
    if (address.find(':') == std::string_view::npos) return false;
    return Address::parse_host(address, 0) ||
           (has_third_colon(address) && in.allow("three colons in an IPv6 address"));
  }
  if (in.peek() == '_') {
    if (!in.allow("underscore in a host name")) return false;
    while (in.next('_')) in.run(host_chars);
  }
  host = in.since(start);
  if (host.empty() || host == ".") return false;
  const bool suspect = in.strict() || host.front() == '.' || host.front() == '-';
  return !suspect || proper_name(host) || in.allow("odd host name");
}

bool detail::read_long_user(Scanner& in, UriView& uri, UriForm form, const char*& start) {
  const char* const first_end = in.position();
  std::string_view more;
  run_with_escapes(in, form == UriForm::whole ? userinfo_chars : bare_userinfo_chars, more);
  if (in.peek() != '@') {
    in.move_to(first_end);
    return true;
  }
  if (!split_userinfo(in, in.since(start), uri)) return false;
  in.skip(1);
  start = in.position();
  in.run(host_chars);
  return true;
}

bool detail::read_uri_params(Scanner& in, UriView& uri) {
  if (!in.strict() && !in.notes()) return read_each_param(in, uri.params);  // nobody would hear
  const Scanner before = in;
  return read_each_param(in, uri.params) && each_once(in, before, uri.params) &&
         keep_rules(in, before, uri.params, param_rules);
}

/// "?" header *( "&" header ), header = hname "=" hvalue: RFC 3261 §25.1
bool detail::read_uri_headers(Scanner& in, UriView& uri) {
  if (!in.next('?')) return true;
  if (!run_of(in, header_chars, uri.headers) || uri.headers.empty()) return false;
  for (std::string_view rest = uri.headers; !rest.empty();) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::size_t equals = rest.substr(0, end).find('=');
    if ((equals == 0 || equals == std::string_view::npos) && !in.allow("URI header without value"))
      return false;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return true;
}

bool detail::read_other_scheme(Scanner& in, UriView& uri, UriForm form) {
  if (in.keyword("sip:"))
    uri.scheme = "sip";
  else if (in.keyword("sips:"))
    uri.scheme = "sips";
  else
    return letters[in.peek()] && in.run(scheme_chars, uri.scheme) && in.next(':') &&
           read_opaque(in, uri, form);
  return read_after_scheme(in, uri, form);
}

bool read_host(Scanner& in, std::string_view& host, std::optional<std::uint16_t>& port) {
  const char* const start = in.position();
  in.run(host_chars);
  return detail::read_host_name(in, start, host) && detail::read_port(in, port);
}

bool read(Scanner& in, UriView& uri, UriForm form) { return detail::read_uri(in, uri, form); }

Uri own(const UriView& view) {
  Uri uri = own<UriView>(view);
  if (view.host.contains(":::")) uri.host = sides_of(view.host).joined();
  return uri;
}

template <class Text>
Result<BasicUri<Text>> BasicUri<Text>::parse(std::string_view text, Mode mode,
                                             Diagnostics* diagnostics) {
  Scanner in(text, mode, "URI", diagnostics);
  Result<BasicUri> result(std::in_place);
  if constexpr (Owning<Text>) {
    UriView uri;
    if (read(in, uri) && in.at_end())
      *result = own(uri);
    else
      result = std::unexpected(in.error());
  } else if (!read(in, *result) || !in.at_end()) {
    result = std::unexpected(in.error());
  }
  return result;
}

template <class Text>
void BasicUri<Text>::write(Writer& out) const {
  out << scheme << ':';
  if (!is_sip()) {
    out << text;
    return;
  }
  if (!user.empty()) {
    out << user;
    if (password) out << ':' << *password;
    out << '@';
  }
  const HostSides sides = sides_of(host);
  out << sides.first << sides.second;
  if (port) out << ':' << *port;
  for (const Param& param : params) {
    out << ';' << param.name;
    if (param.value.empty()) continue;
    if (param.quoted)  // quotes have no place in a URI, escapes have
      out << '=' << escape(unquote(param.value), param_chars);
    else
      out << '=' << param.value;
  }
  if (!headers.empty()) out << '?' << headers;
}

template Result<Uri> Uri::parse(std::string_view, Mode, Diagnostics*);
template Result<UriView> UriView::parse(std::string_view, Mode, Diagnostics*);
template void Uri::write(Writer&) const;
template void UriView::write(Writer&) const;

}  // namespace kith::sip
