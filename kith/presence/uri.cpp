#include "kith/presence/uri.h"

#include <algorithm>

#include "kith/base/scanner.h"
#include "kith/base/text.h"
#include "kith/presence/limits.h"
#include "kith/sip/uri.h"
#include "kith/xml/writer.h"

namespace kith::presence {

namespace {

constexpr std::string_view sip_scheme = "sip:";

bool has_scheme(std::string_view uri, std::string_view scheme) {
  return equal_ignoring_case(uri.substr(0, scheme.size()), scheme);
}

bool ends_a_uri(char c) {
  return static_cast<unsigned char>(c) <= ' ' || c == '\x7F' || c == '<' || c == '>' || c == '"';
}

}  // namespace

bool is_presentity_uri(std::string_view uri) {
  if (uri.size() > uri_bytes_max || !xml::is_text(uri)) return false;
  if (std::ranges::any_of(uri, ends_a_uri)) return false;
  const auto parsed = sip::UriView::parse(uri);
  return parsed && parsed->is_sip() && !parsed->user.empty() && !parsed->host.empty();
}

std::string_view without_scheme(std::string_view uri) {
  return has_scheme(uri, sip_scheme) ? uri.substr(sip_scheme.size()) : uri;
}

std::string with_scheme(std::string_view uri) {
  std::string whole(uri);
  if (!has_scheme(uri, sip_scheme) && !has_scheme(uri, "sips:")) whole.insert(0, sip_scheme);
  return whole;
}

bool same_presentity(std::string_view a, std::string_view b) {
  const auto aor_of = [](std::string_view uri) {
    const auto parsed = sip::UriView::parse(uri);
    return parsed ? sip::address_of_record(*parsed) : std::nullopt;
  };
  const auto of_a = aor_of(a);
  return of_a && of_a == aor_of(b);
}

bool is_epid(std::string_view epid) {
  return !epid.empty() && epid.size() <= epid_digits_max &&
         std::ranges::all_of(epid, [](char c) { return hex_digits[c]; });
}

}  // namespace kith::presence
