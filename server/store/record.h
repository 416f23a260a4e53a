#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kith/base/time.h"
#include "kith/contacts/list.h"
#include "kith/crypto/secret.h"
#include "kith/sip/uri.h"

/// What is kept, as plain values. Nothing here knows a database.
namespace kith::store {

/// Who may sign in, and by what. Verifiers only, never a password.
struct Account {
  sip::Aor aor;
  std::string display_name;
  std::vector<std::string> principals;  // Kerberos, "alice@EXAMPLE.COM"; in order, none twice
  std::string digest_realm;             // the realm that the verifiers below are for
  crypto::Secret ha1_md5;               // lower-case hexadecimal digits; empty: no Digest with MD5
  crypto::Secret ha1_sha256;            // the same for SHA-256
  /// NTLM's verifier, MD4 of the password, as lower-case hexadecimal digits; empty: no NTLM.
  /// Whoever reads it can sign in with it.
  crypto::Secret nt_hash{};
  bool enabled = true;
  std::uint64_t revision = 0;  // raised by the store at each PutAccount; 0 = not stored yet

  bool operator==(const Account&) const = default;
};

/// Where one device of a user is reached.
struct Binding {
  std::string device;  // the key within the user: the registrar's, by epid, instance or Contact
  std::string epid;
  std::string instance;  // +sip.instance, without quotes; may be empty
  std::string contact;   // the Contact field's value, as the 200 lists it
  std::string call_id;
  std::uint32_t cseq = 0;
  Time expires{};
  std::string flow;  // where it was heard: "192.0.2.1:13684"
  std::string user_agent;

  bool operator==(const Binding&) const = default;
};

/// All that is kept of one user: what the core loads before the first handler runs.
struct UserRecord {
  std::optional<Account> account;  // absent: nobody of that name; then the rest is empty
  contacts::List list;
  std::vector<Binding> bindings;  // by device, ascending; the expired ones too
};

}  // namespace kith::store
