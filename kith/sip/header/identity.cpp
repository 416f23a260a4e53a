#include "kith/sip/header/identity.h"

#include <algorithm>
#include <string>

#include "kith/sip/shape/param_rules.h"
#include "kith/sip/uri.h"

namespace kith::sip {

namespace {

/// base64-char is that of RFC 4648 §4 in the text and that of RFC 4648 §5 in its erratum, which is
/// what a PASSporT has; both are read.
constexpr CharSet base64_chars = digits | letters | CharSet{"+/-_"};
constexpr CharSet passport_chars = base64_chars | CharSet{"."};

bool is_base64(std::string_view text) {
  Scanner in(text);
  std::string_view part;
  if (!in.run(base64_chars, part)) return false;
  in.run(CharSet{"="});
  return in.at_end();
}

/// The signature that is quoted is long, and folded: RFC 4474 §10.1
bool is_folded_base64(std::string_view text) {
  std::string whole;
  for (const char c : text)
    if (c != ' ' && c != '\t') whole += c;
  return is_base64(whole);
}

/// Parameters that are tokens; many put them in quotes.
bool are_tokens(Scanner& in, const ParamsView& params) {
  return std::ranges::all_of(params, [&in](const Param& param) {
    if (!equal_ignoring_case(param.name, "alg") && !equal_ignoring_case(param.name, "ppt"))
      return true;
    return is_token(param) || (param.quoted && in.allow("quotes around a value that is a token"));
  });
}

/// The whole of what is left, as drafts of RFC 4474 had it: RFC 4475 §3.1.1.11
bool read_bare_signature(Scanner& in, std::string_view& digest) {
  if (in.rest().size() % 4 != 0 || !is_base64(in.rest())) return false;
  digest = in.rest();
  in.skip(digest.size());
  return true;
}

/// SEMI "info" EQUAL LAQUOT absoluteURI RAQUOT
bool read_info(Scanner& in, std::string_view& info) {
  if (!in.separator(';') || !in.keyword("info") || !in.separator('=') || !in.separator('<'))
    return false;
  const char* const start = in.position();
  UriView uri;
  if (!read(in, uri)) return false;
  info = in.since(start);
  return in.separator('>');
}

}  // namespace

bool read(Scanner& in, IdentityView& to) {
  if (in.peek() == '"') {
    to.quoted = true;
    return in.quoted(to.digest) && is_folded_base64(to.digest);
  }
  if (read_bare_signature(in, to.digest)) return true;
  return in.run(passport_chars, to.digest) && read_info(in, to.info) && read(in, to.params) &&
         !to.params.has("info") && are_tokens(in, to.params);
}

template <class Text>
void BasicIdentity<Text>::write(Writer& out) const {
  if (quoted) {
    out << '"' << digest << '"';
    return;
  }
  out << digest;
  if (!info.empty()) out << ";info=<" << info << '>';
  params.write(out);
}

template void Identity::write(Writer&) const;
template void IdentityView::write(Writer&) const;

}  // namespace kith::sip
