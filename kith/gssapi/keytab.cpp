#include "kith/gssapi/keytab.h"

#include <array>
#include <cerrno>
#include <set>

#include "kith/gssapi/handles.h"

namespace kith::gssapi {

namespace {

using auth::AcceptFailure;

AcceptFailure no_keytab(std::string detail) {
  return {.kind = AcceptFailure::Kind::no_keytab, .detail = std::move(detail)};
}

std::string unparsed(const Krb5& krb5, krb5_const_principal principal) {
  char* text = nullptr;
  if (krb5_unparse_name(krb5.context, principal, &text) != 0) return {};
  std::string name(text);
  krb5_free_unparsed_name(krb5.context, text);
  return name;
}

std::string encryption_name(krb5_enctype type) {
  std::array<char, 64> name{};
  if (krb5_enctype_to_name(type, 0, name.data(), name.size()) != 0)
    return "encryption type " + std::to_string(type);
  return name.data();
}

}  // namespace

bool is_service(std::string_view full, std::string_view wanted) {
  if (wanted.contains('@')) return full == wanted;
  return full.substr(0, full.rfind('@')) == wanted;
}

std::expected<std::vector<KeytabKey>, AcceptFailure> keytab_keys(const std::string& path) {
  const Krb5 krb5;
  if (krb5.error != 0)
    return std::unexpected(no_keytab("Kerberos is not configured: " + krb5.describe(krb5.error) +
                                     "; look at /etc/krb5.conf"));
  const auto unreadable = [&](krb5_error_code code) {
    std::string detail = "cannot read the keytab " + path + ": " + krb5.describe(code);
    detail += code == EACCES ? "; let the server's user read it"
                             : "; export one with 'kadmin ktadd -k " + path + " sip/HOST'";
    return std::unexpected(no_keytab(std::move(detail)));
  };
  krb5_keytab keytab = nullptr;
  if (const krb5_error_code code = krb5_kt_resolve(krb5.context, ("FILE:" + path).c_str(), &keytab);
      code != 0)
    return unreadable(code);
  const auto close = [&krb5](krb5_keytab open) { krb5_kt_close(krb5.context, open); };
  const std::unique_ptr<std::remove_pointer_t<krb5_keytab>, decltype(close)> closer(keytab, close);

  krb5_kt_cursor cursor = nullptr;
  if (const krb5_error_code code = krb5_kt_start_seq_get(krb5.context, keytab, &cursor); code != 0)
    return unreadable(code);
  std::vector<KeytabKey> keys;
  krb5_keytab_entry entry{};
  krb5_error_code code = 0;
  while ((code = krb5_kt_next_entry(krb5.context, keytab, &entry, &cursor)) == 0) {
    keys.push_back({.principal = unparsed(krb5, entry.principal),
                    .version = entry.vno,
                    .encryption = encryption_name(entry.key.enctype)});
    krb5_free_keytab_entry_contents(krb5.context, &entry);
  }
  krb5_kt_end_seq_get(krb5.context, keytab, &cursor);
  if (code != KRB5_KT_END) return unreadable(code);
  return keys;
}

std::expected<KeytabReport, AcceptFailure> check_keytab(const std::string& path,
                                                        std::string_view principal) {
  const auto keys = keytab_keys(path);
  if (!keys) return std::unexpected(keys.error());
  KeytabReport report;
  std::set<std::string> others;
  for (const KeytabKey& key : *keys) {
    if (!is_service(key.principal, principal)) {
      others.insert(key.principal);
      continue;
    }
    if (report.principal.empty()) report.principal = key.principal;
    if (key.principal == report.principal) report.keys.push_back(key);
  }
  if (!report.keys.empty()) return report;
  std::string detail = "the keytab " + path + " has no key for " + std::string(principal);
  if (others.empty()) {
    detail += ", it is empty";
  } else {
    detail += ", only for ";
    for (const std::string& other : others)
      detail += (other == *others.begin() ? "" : ", ") + other;
  }
  detail += "; add it with 'kadmin ktadd -k " + path + ' ' + std::string(principal) +
            "', or correct the server's name";
  return std::unexpected(no_keytab(std::move(detail)));
}

}  // namespace kith::gssapi
