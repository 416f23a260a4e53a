#include "kith/sip/tel_uri.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "kith/base/text.h"
#include "kith/sip/limits.h"
#include "kith/sip/uri_unit.h"

namespace kith::sip {

namespace {

constexpr CharSet visual_separators{"-.()"};
constexpr CharSet phone_digits = digits | visual_separators;
constexpr CharSet local_digits = hex_digits | CharSet{"*#"};
constexpr CharSet local_phone_digits = local_digits | visual_separators;
constexpr CharSet pname_chars = digits | letters | CharSet{"-"};
/// "%" is looked at afterwards.
constexpr CharSet param_chars = uri_unreserved | CharSet{"[]/:&+$%"};
/// uric, without what RFC 3966 §3 wants escaped in a value
constexpr CharSet subaddress_chars = uri_unreserved | CharSet{"/:@&+$,%"};

bool any_of(std::string_view text, const CharSet& set) {
  return std::ranges::any_of(text, [&set](char c) { return set[c]; });
}

bool escapes_are_whole(std::string_view text) {
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 3))
    if (at + 2 >= text.size() || !hex_digits[text[at + 1]] || !hex_digits[text[at + 2]])
      return false;
  return true;
}

/// descriptor = domainname / global-number-digits
bool is_context(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    return any_of(text, digits) &&
           std::ranges::all_of(text, [](char c) { return phone_digits[c]; });
  }
  Scanner in(text, Mode::strict);
  std::string_view host;
  std::optional<std::uint16_t> port;
  if (!read_host(in, host, port) || !in.at_end() || port) return false;
  std::string_view name = host.ends_with('.') ? host.substr(0, host.size() - 1) : host;
  return letters[name.substr(name.rfind('.') + 1).front()];
}

/// Into a place that is still empty: no parameter appears more than once.
bool put(Scanner& in, std::string& to, std::string_view value) {
  if (!to.empty()) return in.refuse(Fault::duplicate);
  to = value;
  return true;
}

bool read_value(Scanner& in, const CharSet& set, std::string_view& value) {
  return in.next('=') && in.run(set, value) && escapes_are_whole(value);
}

/// One parameter; the others are put together as they came.
bool read_par(Scanner& in, TelUri& uri, std::string& others) {
  const char* const start = in.position();
  std::string_view name;
  std::string_view value;
  if (!in.run(pname_chars, name)) return false;
  const auto is = [&name](std::string_view wanted) { return equal_ignoring_case(name, wanted); };
  if (is("isub"))
    return read_value(in, subaddress_chars, value) && put(in, uri.isdn_subaddress, value);
  if (is("ext"))
    return read_value(in, phone_digits, value) && any_of(value, digits) &&
           put(in, uri.extension, value);
  if (is("phone-context"))
    return read_value(in, param_chars, value) && is_context(value) &&
           put(in, uri.phone_context, value);
  if (in.peek() == '=' && !read_value(in, param_chars, value)) return false;
  if (find_param(others, ';', name)) return in.refuse(Fault::duplicate);
  others.append(";").append(in.since(start));
  return true;
}

bool read_subscriber(Scanner& in, TelUri& uri) {
  uri.global = in.next('+');
  const std::string_view number = in.run(uri.global ? phone_digits : local_phone_digits);
  if (!any_of(number, uri.global ? digits : local_digits)) return false;
  uri.number = number;
  std::string others;
  for (std::size_t count = 0; in.next(';');) {
    if (++count > params_max) return in.refuse(Fault::too_many);
    if (!read_par(in, uri, others)) return false;
  }
  uri.params = Params::of(std::move(others));
  if (!in.at_end()) return false;
  if (!uri.isdn_subaddress.empty() && !uri.extension.empty() &&
      !in.allow("both a subaddress and an extension"))
    return false;
  return uri.global || !uri.phone_context.empty() || in.allow("local number without phone-context");
}

std::string without_separators(std::string_view text) {
  std::string out = to_lower(text);
  std::erase_if(out, [](char c) { return visual_separators[c]; });
  return out;
}

/// A context as it is compared: digit by digit, or as a host name.
std::string comparable_context(const std::string& context) {
  if (context.starts_with('+')) return without_separators(context);
  std::string name = to_lower(context);
  if (name.ends_with('.')) name.pop_back();
  return name;
}

std::string comparable(std::string_view text) { return to_lower(unescape(text)); }

/// By name in any case.
std::vector<Param> sorted(const Params& params) {
  std::vector<Param> all;
  for (const Param& param : params) all.push_back(param);
  std::ranges::sort(all, LessIgnoringCase{}, &Param::name);
  return all;
}

bool same_params(const Params& a, const Params& b) {
  const auto same = [](const Param& x, const Param& y) {
    return equal_ignoring_case(x.name, y.name) && comparable(x.value) == comparable(y.value);
  };
  return std::ranges::equal(sorted(a), sorted(b), same);
}

Result<TelUri> read_whole(Scanner in) {
  Result<TelUri> result(std::in_place);
  if (!read_subscriber(in, *result)) result = std::unexpected(in.error());
  return result;
}

}  // namespace

Result<TelUri> TelUri::parse(std::string_view text, Mode mode, Diagnostics* diagnostics) {
  constexpr std::string_view scheme = "tel:";
  if (!equal_ignoring_case(text.substr(0, scheme.size()), scheme))
    return refuse(Fault::unsupported, "tel URI");
  return read_whole(Scanner(text.substr(scheme.size()), mode, "tel URI", diagnostics, 4));
}

Result<TelUri> TelUri::from(const UriView& uri, Mode mode, Diagnostics* diagnostics) {
  if (equal_ignoring_case(uri.scheme, "tel"))
    return read_whole(Scanner(uri.text, mode, "tel URI", diagnostics));
  const bool phone =
      uri.is_sip() && equal_ignoring_case(uri.params.find("user").value_or(""), "phone");
  if (!phone) return refuse(Fault::unsupported, "tel URI");
  return read_whole(Scanner(uri.user, mode, "tel URI", diagnostics));
}

void TelUri::write(Writer& out) const {
  out << "tel:";
  if (global) out << '+';
  out << number;
  if (!isdn_subaddress.empty()) out << ";isub=" << isdn_subaddress;
  if (!extension.empty()) out << ";ext=" << extension;
  if (!phone_context.empty()) out << ";phone-context=" << phone_context;
  for (const Param& param : sorted(params)) {
    out << ';' << param.name;
    if (!param.value.empty()) out << '=' << param.value;
  }
}

Uri TelUri::to_uri() const {
  Uri uri;
  uri.scheme = "tel";
  uri.text = to_string().substr(4);
  return uri;
}

std::string TelUri::digits() const { return without_separators(number); }

bool TelUri::has_mandatory_params() const {
  return std::ranges::any_of(params.begin(), params.end(), [](const Param& param) {
    return equal_ignoring_case(param.name.substr(0, 2), "m-");
  });
}

bool equivalent(const TelUri& a, const TelUri& b) {
  return a.global == b.global && a.digits() == b.digits() &&
         without_separators(a.extension) == without_separators(b.extension) &&
         comparable(a.isdn_subaddress) == comparable(b.isdn_subaddress) &&
         comparable_context(a.phone_context) == comparable_context(b.phone_context) &&
         same_params(a.params, b.params);
}

}  // namespace kith::sip
