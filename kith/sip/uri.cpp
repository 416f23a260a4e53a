#include "kith/sip/uri.h"

#include <algorithm>
#include <array>

#include "kith/base/address.h"
#include "kith/base/text.h"
#include "kith/sip/limits.h"

namespace kith::sip {

namespace {

/// unreserved and escaped: RFC 3261 §25.1
constexpr CharSet unreserved_chars = digits | letters | CharSet{"-_.!~*'()%"};
/// user [ ":" password ] between brackets, where all of user-unreserved may stand
constexpr CharSet userinfo_chars = unreserved_chars | CharSet{"&=+$,;?/:"};
/// … and without brackets: RFC 3261 §20
constexpr CharSet bare_userinfo_chars = unreserved_chars | CharSet{"&=+$/:"};
constexpr CharSet user_chars = unreserved_chars | CharSet{"&=+$,;?/"};
constexpr CharSet password_chars = unreserved_chars | CharSet{"&=+$,"};
constexpr CharSet host_chars = digits | letters | CharSet{"-."};
constexpr CharSet reference_chars = hex_digits | CharSet{":."};
constexpr CharSet param_chars = unreserved_chars | CharSet{"[]/:&+$"};
constexpr CharSet header_chars = unreserved_chars | CharSet{"[]/?:+$&="};
constexpr CharSet scheme_chars = digits | letters | CharSet{"+-."};
/// What absoluteURI may hold: RFC 3261 §25.1
constexpr CharSet opaque_chars = unreserved_chars | CharSet{";/?:@&=+$,[]#"};
constexpr CharSet bare_opaque_chars = unreserved_chars | CharSet{"/:@&=+$[]#"};

/// A '%' is followed by two hexadecimal digits.
bool escapes_whole(std::string_view text) {
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 3))
    if (at + 2 >= text.size() || !hex_digits[text[at + 1]] || !hex_digits[text[at + 2]])
      return false;
  return true;
}

bool check_escapes(Scanner& in, std::string_view text) {
  return escapes_whole(text) || in.allow("percent sign that is no escape");
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

/// [ user [ ":" password ] "@" ]: taken only if there is an "@".
bool read_userinfo(Scanner& in, UriView& uri, UriForm form) {
  const char* const start = in.position();
  const std::string_view all =
      in.run(form == UriForm::whole ? userinfo_chars : bare_userinfo_chars);
  if (in.peek() != '@') {
    in.move_to(start);
    return true;
  }
  const std::size_t colon = all.find(':');
  uri.user = all.substr(0, colon);
  if (uri.user.empty()) return false;
  if (colon != std::string_view::npos) {
    uri.password = all.substr(colon + 1);
    if (!std::ranges::all_of(*uri.password, [](char c) { return password_chars[c]; }) &&
        !in.allow("unescaped character in a password"))
      return false;
  }
  if (!check_escapes(in, all)) return false;
  in.skip(1);
  return true;
}

bool read_uri_param(Scanner& in) {
  std::string_view name;
  std::string_view value;
  if (in.space() && !in.allow("blanks inside a URI")) return false;
  if (!in.run(param_chars, name)) {
    const bool nothing = in.at_end() || in.peek() == ';' || in.peek() == '>' || in.peek() == '?';
    return nothing && in.allow("empty parameter");
  }
  if (!check_escapes(in, name)) return false;
  if (!in.next('=')) return true;
  if (in.peek() == '"') return in.allow("quoted parameter in a URI") && in.quoted(value);
  if (!in.run(param_chars, value)) return in.allow("parameter without value after the equals sign");
  return check_escapes(in, value);
}

bool read_uri_params(Scanner& in, UriView& uri) {
  const char* const start = in.position();
  std::size_t count = 0;
  while (in.next(';')) {
    if (++count > params_max) return in.refuse(Fault::too_many);
    if (!read_uri_param(in)) return false;
    const char* const here = in.position();
    if (in.space() && in.peek() != ';') in.move_to(here);
    if (in.position() != here && !in.allow("blanks inside a URI")) return false;
  }
  uri.params = ParamsView::of(in.since(start));
  return true;
}

/// "?" header *( "&" header ), header = hname "=" hvalue: RFC 3261 §25.1
bool read_uri_headers(Scanner& in, UriView& uri) {
  if (!in.next('?')) return true;
  if (!in.run(header_chars, uri.headers) || !check_escapes(in, uri.headers)) return false;
  for (std::string_view rest = uri.headers; !rest.empty();) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::size_t equals = rest.substr(0, end).find('=');
    if ((equals == 0 || equals == std::string_view::npos) && !in.allow("URI header without value"))
      return false;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return true;
}

bool read_opaque(Scanner& in, UriView& uri, UriForm form) {
  return in.run(form == UriForm::whole ? opaque_chars : bare_opaque_chars, uri.text) &&
         check_escapes(in, uri.text);
}

bool read_scheme(Scanner& in, UriView& uri) {
  const char* const start = in.position();
  if (in.keyword("sip:")) {
    uri.scheme = "sip";
    return true;
  }
  if (in.keyword("sips:")) {
    uri.scheme = "sips";
    return true;
  }
  if (letters[in.peek()] && in.run(scheme_chars, uri.scheme) && in.next(':')) return true;
  in.move_to(start);
  return false;
}

}  // namespace

bool read_host(Scanner& in, std::string_view& host, std::optional<std::uint16_t>& port) {
  if (in.peek() == '[') {
    const char* const start = in.position();
    in.skip(1);
    const std::string_view address = in.run(reference_chars);
    if (!in.next(']')) return false;
    host = in.since(start);
    const auto parsed = Address::parse_host(address, 0);
    if (address.find(':') == std::string_view::npos || !parsed) return false;
  } else {
    const char* const start = in.position();
    host = in.run(host_chars);
    if (in.peek() == '_') {
      if (!in.allow("underscore in a host name")) return false;
      while (in.next('_')) in.run(host_chars);
      host = in.since(start);
    }
    if (host.empty() || host == ".") return false;
    if ((in.strict() || host.front() == '.' || host.front() == '-') && !proper_name(host) &&
        !in.allow("odd host name"))
      return false;
  }
  if (!in.next(':')) return true;
  std::uint16_t number = 0;
  if (!in.number(number) || number == 0) return false;
  port = number;
  return true;
}

bool read(Scanner& in, UriView& uri, UriForm form) {
  if (!read_scheme(in, uri)) return false;
  if (!uri.is_sip()) return read_opaque(in, uri, form);
  if (!read_userinfo(in, uri, form) || !read_host(in, uri.host, uri.port)) return false;
  if (form == UriForm::bare) return true;
  return read_uri_params(in, uri) && read_uri_headers(in, uri);
}

template <class Text>
Result<BasicUri<Text>> BasicUri<Text>::parse(std::string_view text, Mode mode,
                                             Diagnostics* diagnostics) {
  Scanner in(text, mode, "URI", diagnostics);
  UriView uri;
  if (!read(in, uri) || !in.at_end()) return std::unexpected(in.error());
  if constexpr (Owning<Text>)
    return own(uri);
  else
    return uri;
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
  out << host;
  if (port) out << ':' << *port;
  for (const Param& param : params) {
    out << ';' << param.name;
    if (!param.value.empty()) out << '=' << param.value;  // quotes have no place in a URI
  }
  if (!headers.empty()) out << '?' << headers;
}

template Result<Uri> Uri::parse(std::string_view, Mode, Diagnostics*);
template Result<UriView> UriView::parse(std::string_view, Mode, Diagnostics*);
template void Uri::write(Writer&) const;
template void UriView::write(Writer&) const;

}  // namespace kith::sip
