#include "kith/contacts/contact.h"

#include "kith/base/text.h"
#include "kith/contacts/limits.h"
#include "kith/xml/writer.h"

namespace kith::contacts {

namespace {

std::string_view without_scheme(std::string_view uri) {
  for (const std::string_view scheme : {"sip:", "sips:"})
    if (equal_ignoring_case(uri.substr(0, scheme.size()), scheme)) return uri.substr(scheme.size());
  return {};
}

bool ends_uri(char c) {
  return static_cast<unsigned char>(c) <= ' ' || c == '\x7F' || c == '<' || c == '>' || c == '"';
}

}  // namespace

bool is_contact_uri(std::string_view uri) {
  if (uri.size() > uri_bytes_max || !xml::is_text(uri)) return false;
  for (const char c : uri)
    if (ends_uri(c)) return false;
  const std::string_view rest = without_scheme(uri);
  const std::size_t at = rest.find('@');
  if (at == std::string_view::npos || at == 0 || rest.rfind('@') != at) return false;
  const std::string_view host = rest.substr(at + 1);
  return !host.empty() && host.find_first_of(":;?/,") != 0;
}

}  // namespace kith::contacts
