#pragma once

// The usual parts of the grammar of a URI, inline for uri.cpp and for who reads one within a header
// on the hot path; nobody else includes this. What is seldom met is in uri.cpp.

#include "kith/base/scanner.h"
#include "kith/sip/limits.h"
#include "kith/sip/uri.h"

namespace kith::sip::detail {

inline constexpr CharSet alphanum = digits | letters;
inline constexpr CharSet host_chars = word_chars;
/// Of escaped, "%" HEX HEX, no set holds the "%": RFC 3261 §25.1
inline constexpr CharSet unreserved_chars = digits | letters | CharSet{"-_.!~*'()"};
inline constexpr CharSet param_chars = unreserved_chars | CharSet{"[]/:&+$"};

/// A URI after another scheme than "sip:" in lower case.
bool read_other_scheme(Scanner& in, UriView& uri, UriForm form);
/// [ user [ ":" password ] "@" ] where an "@" does not follow the first run of host_chars; then
/// `start` becomes where the host begins, and its run is read too.
bool read_long_user(Scanner& in, UriView& uri, UriForm form, const char*& start);
/// A host that is an IPv6 reference, has an underscore or begins oddly; or any, read strictly.
bool read_odd_host(Scanner& in, const char* start, std::string_view& host);
bool read_uri_params(Scanner& in, UriView& uri);
bool read_uri_headers(Scanner& in, UriView& uri);

/// host, after its first run of host_chars, which began at `start`
[[gnu::always_inline]] inline bool read_host_name(Scanner& in, const char* start,
                                                  std::string_view& host) {
  host = in.since(start);
  if (in.strict() || host.empty() || !alphanum[*start] || in.peek() == '_') [[unlikely]]
    return read_odd_host(in, start, host);
  return true;
}

/// [ ":" port ]
[[gnu::always_inline]] inline bool read_port(Scanner& in, std::optional<std::uint16_t>& port) {
  if (!in.next(':')) return true;
  std::uint16_t number = 0;
  if (!in.number(number) || number == 0) return false;
  port = number;
  return true;
}

/// [ user [ ":" password ] "@" ] host [ ":" port ] uri-parameters [ headers ]
[[gnu::always_inline]] inline bool read_after_scheme(Scanner& in, UriView& uri, UriForm form) {
  const char* start = in.position();
  in.run(host_chars);
  if (in.peek() == '@') {
    uri.user = in.since(start);
    if (uri.user.empty()) return false;
    in.skip(1);
    start = in.position();
    in.run(host_chars);
  } else if (in.peek() != '>' && !read_long_user(in, uri, form, start)) {
    return false;
  }
  if (!read_host_name(in, start, uri.host) || !read_port(in, uri.port)) return false;
  if (form == UriForm::bare || in.peek() == '>') return true;
  return (in.peek() != ';' || read_uri_params(in, uri)) &&
         (in.peek() != '?' || read_uri_headers(in, uri));
}

/// uri-parameters without escapes or blanks: *( ";" pname [ "=" pvalue ] )
[[gnu::always_inline]] inline bool read_usual_uri_params(Cursor& in, std::string_view& params) {
  const char* const start = in.position();
  std::size_t count = 0;
  while (in.next(';'))
    if (++count > params_max || in.run(param_chars).empty() ||
        (in.next('=') && in.run(param_chars).empty()))
      return false;
  params = in.since(start);
  return true;
}

/// Whether a word that a Cursor read is a host; behind one that is empty stands what no host begins
/// with.
[[gnu::always_inline]] inline bool is_usual_host(std::string_view word) {
  return alphanum[*word.data()];
}

/// [ ":" port ]; one that is not there is 0.
[[gnu::always_inline]] inline bool read_usual_port(Cursor& in, std::uint16_t& port) {
  port = 0;
  return !in.next(':') || (in.number(port) && port != 0);
}

/// The usual URI: "sip:" [ user "@" ] host [ ":" port ] uri-parameters, where user and host are
/// words, up to ">" or the end. Of any other nothing is kept, and false returned.
[[gnu::always_inline]] inline bool read_usual_uri(Cursor& in, UriView& uri) {
  if (!in.next("sip:")) return false;
  std::string_view user;
  std::string_view host = in.word();
  if (in.peek() == '@') {
    if (host.empty()) return false;
    user = host;
    in.skip(1);
    host = in.word();
  }
  std::uint16_t port = 0;
  if (!is_usual_host(host) || !read_usual_port(in, port)) return false;
  std::string_view params;
  if (in.peek() == ';' && !read_usual_uri_params(in, params)) return false;
  if (in.peek() != '>' && !in.at_end()) return false;
  uri.scheme = "sip";
  uri.user = user;
  uri.host = host;
  if (port != 0) uri.port = port;
  uri.params = ParamsView::of(params);
  return true;
}

[[gnu::always_inline]] inline bool read_uri(Scanner& in, UriView& uri, UriForm form) {
  if (form == UriForm::whole && in.may_be_usual() && !in.notes()) {
    Cursor usual = in.cursor();
    if (read_usual_uri(usual, uri)) {
      in.follow(usual);
      return true;
    }
  }
  if (!in.rest().starts_with("sip:")) return read_other_scheme(in, uri, form);
  in.skip(4);
  uri.scheme = "sip";
  return read_after_scheme(in, uri, form);
}

}  // namespace kith::sip::detail
