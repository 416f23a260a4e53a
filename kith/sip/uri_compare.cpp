#include <algorithm>
#include <array>

#include "kith/base/text.h"
#include "kith/sip/uri.h"
#include "kith/sip/uri_unit.h"

namespace kith::sip {

namespace {

constexpr CharSet user_chars = uri_unreserved | CharSet{"&=+$,;?/"};

enum class Case : std::uint8_t { counts, ignored };

bool same(std::string_view a, std::string_view b, Case letters_case) {
  while (!a.empty() && !b.empty()) {
    Unit x = take_unit(a);
    Unit y = take_unit(b);
    if (letters_case == Case::ignored) {
      x.c = to_lower(x.c);
      y.c = to_lower(y.c);
    }
    if (x != y) return false;
  }
  return a.empty() && b.empty();
}

std::optional<Param> find_same(const ParamsView& params, std::string_view name) {
  for (const Param& param : params)
    if (same(param.name, name, Case::ignored)) return param;
  return std::nullopt;
}

/// Each parameter of `a` that `b` also has must have the same value; these must be in both or in
/// none. Of a name given twice the first counts.
bool params_agree(const ParamsView& a, const ParamsView& b) {
  constexpr std::array<std::string_view, 5> both_or_none{"user", "ttl", "method", "maddr",
                                                         "transport"};
  for (const Param& param : a) {
    const std::optional<Param> other = find_same(b, param.name);
    if (!other) {
      const auto is = [&param](std::string_view name) {
        return equal_ignoring_case(param.name, name);
      };
      if (std::ranges::any_of(both_or_none, is)) return false;
    } else if (!same(find_same(a, param.name)->value, other->value, Case::ignored)) {
      return false;
    }
  }
  return true;
}

bool same_header(std::string_view a, std::string_view b) {
  const std::size_t name_a = std::min(a.find('='), a.size());
  const std::size_t name_b = std::min(b.find('='), b.size());
  return same(a.substr(0, name_a), b.substr(0, name_b), Case::ignored) &&
         same(a.substr(name_a), b.substr(name_b), Case::counts);
}

/// Every header of `a` is in `b`; none is ever ignored.
bool headers_within(std::string_view a, std::string_view b) {
  while (!a.empty()) {
    const std::string_view header = take_header(a);
    bool found = false;
    for (std::string_view rest = b; !rest.empty() && !found;)
      found = same_header(header, take_header(rest));
    if (!found) return false;
  }
  return true;
}

bool same_host(std::string_view a, std::string_view b) {
  const HostSides left = sides_of(a);
  const HostSides right = sides_of(b);
  return equal_ignoring_case(left.first, right.first) &&
         equal_ignoring_case(left.second, right.second);
}

}  // namespace

bool equivalent(const UriView& a, const UriView& b) {
  if (!equal_ignoring_case(a.scheme, b.scheme)) return false;
  if (!a.is_sip()) return same(a.text, b.text, Case::counts);
  if (!same(a.user, b.user, Case::counts)) return false;
  if (a.password.has_value() != b.password.has_value()) return false;
  if (a.password && !same(*a.password, *b.password, Case::counts)) return false;
  if (!same_host(a.host, b.host) || a.port != b.port) return false;
  return params_agree(a.params, b.params) && params_agree(b.params, a.params) &&
         headers_within(a.headers, b.headers) && headers_within(b.headers, a.headers);
}

std::optional<Aor> address_of_record(const UriView& uri) {
  if (!uri.is_sip() || uri.user.empty()) return std::nullopt;
  std::string text = unescape(uri.user);
  text += '@';
  const HostSides host = sides_of(uri.host);
  text.append(host.first).append(host.second);
  return Aor{to_lower(text)};
}

std::string unescape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) out += take_unit(text).c;
  return out;
}

std::string escape_user(std::string_view text) { return escape(text, user_chars); }

}  // namespace kith::sip
