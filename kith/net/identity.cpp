#include "kith/net/identity.h"

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "kith/base/text.h"

namespace kith::net {

namespace {

struct Free {
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
  void operator()(EXTENDED_KEY_USAGE* usages) const { EXTENDED_KEY_USAGE_free(usages); }
  void operator()(ASN1_OBJECT* object) const { ASN1_OBJECT_free(object); }
};

std::string_view text_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '*';
}

/// Whatever else stands in a name, NUL above all, has been put there to deceive.
bool is_host(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_host_character);
}

/// A sip URI without a user names a domain; nothing else does, sips neither.
std::optional<std::string_view> domain_of_uri(std::string_view uri) {
  constexpr std::string_view scheme = "sip:";
  if (uri.size() < scheme.size() || !equal_ignoring_case(uri.substr(0, scheme.size()), scheme))
    return std::nullopt;
  uri.remove_prefix(scheme.size());
  if (uri.contains('@')) return std::nullopt;
  const std::string_view host = uri.substr(0, uri.find_first_of(":;?"));
  return is_host(host) ? std::optional(host) : std::nullopt;
}

std::vector<std::string> domains_of_alternatives(const GENERAL_NAMES* names) {
  std::vector<std::string> uris;
  std::vector<std::string> hosts;
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
    if (name->type == GEN_URI) {
      const auto domain = domain_of_uri(text_of(name->d.uniformResourceIdentifier));
      if (domain) uris.emplace_back(*domain);
    } else if (name->type == GEN_DNS) {
      const std::string_view host = text_of(name->d.dNSName);
      if (is_host(host)) hosts.emplace_back(host);
    }
  }
  return uris.empty() ? hosts : uris;
}

std::vector<std::string> domains_of_subject(const X509* certificate) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  std::vector<std::string> names;
  for (int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1); at >= 0;
       at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) {
    const std::string_view name =
        text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    if (is_host(name)) names.emplace_back(name);
  }
  return names;
}

}  // namespace

std::vector<std::string> sip_domains(const x509_st* certificate) {
  constexpr int absent = -1;  // other numbers: it stands there twice, or cannot be read
  int found = absent;
  const std::unique_ptr<GENERAL_NAMES, Free> names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, &found, nullptr)));
  if (names) return domains_of_alternatives(names.get());
  return found == absent ? domains_of_subject(certificate) : std::vector<std::string>{};
}

bool stands_for(std::span<const std::string> sip_domains, std::string_view domain) {
  return std::ranges::any_of(
      sip_domains, [&](const std::string& own) { return equal_ignoring_case(own, domain); });
}

bool is_for_sip(const x509_st* certificate) {
  const std::unique_ptr<EXTENDED_KEY_USAGE, Free> usages(static_cast<EXTENDED_KEY_USAGE*>(
      X509_get_ext_d2i(certificate, NID_ext_key_usage, nullptr, nullptr)));
  const std::unique_ptr<ASN1_OBJECT, Free> sip(OBJ_txt2obj("1.3.6.1.5.5.7.3.20", 1));
  if (!usages || !sip) return false;
  for (int i = 0; i < sk_ASN1_OBJECT_num(usages.get()); ++i)
    if (OBJ_cmp(sk_ASN1_OBJECT_value(usages.get(), i), sip.get()) == 0) return true;
  return false;
}

}  // namespace kith::net
