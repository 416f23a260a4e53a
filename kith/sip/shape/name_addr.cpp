#include "kith/sip/shape/name_addr.h"

#include "kith/sip/params_read.h"
#include "kith/sip/uri_read.h"

namespace kith::sip {

namespace {

/// display-name = *(token LWS) / quoted-string: RFC 3261 §25.1
bool read_display_name(Scanner& in, std::string_view& name) {
  if (in.peek() == '"') {
    if (!in.quoted(name)) return false;
    in.blanks();
    return true;
  }
  const char* const start = in.position();
  const char* end = start;
  std::string_view word;
  while (in.token(word)) {
    end = in.position();
    in.blanks();
  }
  name = {start, static_cast<std::size_t>(end - start)};
  return true;
}

/// What stands before "<" of a real client's header may be no tokens at all; RFC 3261 wants quotes.
bool read_odd_display_name(Scanner& in, std::string_view& name) {
  const std::string_view rest = in.rest();
  const std::size_t bracket = rest.find('<');
  if (bracket == std::string_view::npos ||
      rest.substr(0, bracket).find_first_of("\",;") != std::string_view::npos)
    return false;
  if (!in.allow("display name that should be quoted")) return false;
  name = trim(rest.substr(0, bracket));
  in.skip(bracket);
  return true;
}

bool read_bracketed(Scanner& in, UriView& uri) {
  if (!in.next('<')) return false;
  if (in.space() && !in.allow("blanks inside a URI")) return false;
  if (!read(in, uri)) return false;
  if (in.next('>')) return true;
  return in.space() && in.allow("blanks inside a URI") && in.next('>');
}

/// The usual address: [ quoted-string " " ] "<" a usual URI ">". Of any other the URI may be kept,
/// and false is returned.
[[gnu::always_inline]] inline bool read_usual_address(Cursor& in, std::string_view& display_name,
                                                      UriView& uri) {
  std::string_view name;
  if (in.peek() == '"' && !(in.quoted(name) && in.next(' '))) return false;
  if (!in.next('<') || !detail::read_usual_uri(in, uri) || !in.next('>')) return false;
  display_name = name;
  return true;
}

/// An address that does not begin with "<".
bool read_other_address(Scanner& in, std::string_view& display_name, UriView& uri,
                        Brackets brackets) {
  const char* const start = in.position();
  if (!read_display_name(in, display_name)) return false;
  if (in.peek() == '<') return read_bracketed(in, uri);
  in.move_to(start);
  const bool bare = in.peek() != '"' && display_name.size() < in.rest().size() &&
                    in.rest()[display_name.size()] == ':';
  display_name = {};
  if (!bare) return read_odd_display_name(in, display_name) && read_bracketed(in, uri);
  if (brackets == Brackets::required && !in.allow("address without angle brackets")) return false;
  // A "?" here would begin URI headers, which need the brackets: RFC 3261 §20
  return read(in, uri, UriForm::bare) && in.peek() != '?';
}

[[gnu::always_inline]] inline bool read_any_address(Scanner& in, std::string_view& display_name,
                                                    UriView& uri, Brackets brackets) {
  if (in.may_be_usual() && !in.notes()) {
    Cursor usual = in.cursor();
    if (read_usual_address(usual, display_name, uri)) {
      in.follow(usual);
      return true;
    }
    uri = {};
  }
  return in.peek() == '<' ? read_bracketed(in, uri)
                          : read_other_address(in, display_name, uri, brackets);
}

}  // namespace

bool read_address(Scanner& in, std::string_view& display_name, UriView& uri, Brackets brackets) {
  return read_any_address(in, display_name, uri, brackets);
}

bool read_bracketed_uri(Scanner& in, UriView& uri) { return read_bracketed(in, uri); }

bool read_usual_name_addr(const Cursor& text, std::string_view& display_name, UriView& uri,
                          ParamsView& params) {
  Cursor in = text;
  if (read_usual_address(in, display_name, uri) && detail::read_usual_params(in, params) &&
      in.at_end())
    return true;
  display_name = {};
  uri = {};
  params = {};
  return false;
}

void write_address(Writer& out, std::string_view display_name, const UriView& uri) {
  if (!display_name.empty()) {
    out.quoted(display_name);
    out << ' ';
  }
  out << '<';
  uri.write(out);
  out << '>';
}

}  // namespace kith::sip
