#include "kith/sip/shape/auth.h"

#include <array>
#include <charconv>
#include <string>
#include <system_error>
#include <utility>

#include "kith/sip/shape/param_rules.h"

namespace kith::sip {

namespace {

/// The same as parameters of any other header, for these are compared by the same rule.
Params with_semicolons(const AuthParamsView& params) {
  std::string text;
  for (const Param& param : params) {
    text.append(";").append(param.name).append("=");
    if (param.quoted)
      text.append("\"").append(param.value).append("\"");
    else
      text.append(param.value);
  }
  return Params::of(std::move(text));
}

// What Digest says of its parameters; other schemes have the same names for other things. RFC 3261
// §25.1, where an algorithm has digests of 32 digits; those of RFC 8760 have more.
constexpr std::array challenge_rules{
    NamedRule{"realm", is_quoted},    NamedRule{"nonce", is_quoted}, NamedRule{"opaque", is_quoted},
    NamedRule{"domain", is_quoted},   NamedRule{"stale", is_truth},  NamedRule{"qop", is_quoted},
    NamedRule{"algorithm", is_token},
};
constexpr std::array credentials_rules{
    NamedRule{"username", is_quoted}, NamedRule{"realm", is_quoted},
    NamedRule{"nonce", is_quoted},    NamedRule{"uri", is_quoted},
    NamedRule{"opaque", is_quoted},   NamedRule{"response", is_quoted_hex},
    NamedRule{"cnonce", is_quoted},   NamedRule{"nc", is_nonce_count},
    NamedRule{"qop", is_token},       NamedRule{"algorithm", is_token},
};
constexpr std::array info_rules{
    NamedRule{"nextnonce", is_quoted}, NamedRule{"rspauth", is_quoted_hex},
    NamedRule{"cnonce", is_quoted},    NamedRule{"nc", is_nonce_count},
    NamedRule{"qop", is_token},
};

NamedRules rules_of(AuthRole role) {
  switch (role) {
    case AuthRole::challenge:
      return challenge_rules;
    case AuthRole::credentials:
      return credentials_rules;
    case AuthRole::info:
      return info_rules;
  }
  std::unreachable();
}

}  // namespace

bool equivalent(const AuthParamsView& a, const AuthParamsView& b) {
  return equivalent(ParamsView{with_semicolons(a)}, ParamsView{with_semicolons(b)});
}

bool read_auth(Scanner& in, std::string_view& scheme, AuthParamsView& params, AuthRole role) {
  const char* const start = in.position();
  if (!in.token(scheme)) return false;
  if (!in.space() || in.peek() == '=') {
    if (role != AuthRole::info) return false;
    scheme = {};
    in.move_to(start);
  }
  const bool is_digest = scheme.empty() || equal_ignoring_case(scheme, "Digest");
  return read_params(in, params, is_digest ? rules_of(role) : NamedRules{});
}

std::optional<std::uint32_t> nonce_count(std::optional<std::string_view> text) {
  std::uint32_t count = 0;
  if (!text || text->size() != 8) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + 8, count, 16);
  if (error != std::errc{} || end != text->data() + 8) return std::nullopt;
  return count;
}

bool list_has(std::string_view list, std::string_view wanted) {
  while (true) {
    const std::size_t comma = list.find(',');
    if (equal_ignoring_case(trim(list.substr(0, comma)), wanted)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace kith::sip
