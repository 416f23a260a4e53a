#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kith/base/result.h"

namespace kith::acl {

/// Whom an entry is about: [MS-SIP] §2.2.3. From the widest to the narrowest.
enum class Scope : std::uint8_t {
  all,     // everybody
  domain,  // a DNS domain and all below it
  user,    // one address of record
};

/// "ALL", "DOMAIN" or "USER".
std::string_view to_string(Scope scope);
/// The scope of that word, which counts by its case; nothing for any other.
std::optional<Scope> scope_of(std::string_view type);

/// What somebody may, by its letter in the rights of an entry: [MS-SIP] §2.2.3.
enum class Access : char {
  allow = 'A',
  deny = 'D',
  prompt = 'P',        // the user is asked
  polite_block = 'B',  // denied, but not told so
};

/// Whether somebody may open a session; nobody is asked about that, nor lied to.
enum class Communication : char {
  allow = 'A',
  deny = 'D',
};

/// rights = ( "A" / "P" / "D" / "B" ) ( "A" / "D" ) *ALPHA
/// [MS-SIP] §8; letters of later versions are kept and mean nothing to us.
struct Rights {
  Access presence = Access::allow;
  Communication communication = Communication::allow;
  std::string later;

  /// Fault::malformed or Fault::too_long, "rights".
  static Result<Rights> parse(std::string_view text);
  std::string to_string() const;
  bool operator==(const Rights&) const = default;
};

/// An access control entry, which is always whole: its mask fits its scope.
class Ace {
 public:
  /// ALL with the rights of the schema's default, AA.
  Ace() = default;

  /// The mask is a SIP or SIPS URI with user and host for USER, a domain, perhaps with a dot at the
  /// end, for DOMAIN, and passed over for ALL. Fault::malformed or Fault::too_long, "mask" or
  /// "rights".
  static Result<Ace> make(Scope scope, std::string_view mask, Rights rights);

  /// As documents and operations say it. A mask that is not there suits ALL only; rights that are
  /// not there are AA. The error names "type", "mask" or "rights".
  static Result<Ace> parse(std::string_view type, std::optional<std::string_view> mask,
                           std::optional<std::string_view> rights);

  Scope scope() const { return scope_; }
  const std::string& mask() const { return mask_; }  // spelling kept; empty for ALL
  const Rights& rights() const { return rights_; }

  /// What no two entries of a scope in a list share: the address of record, the domain in lower
  /// case without the dot at its end, or "".
  const std::string& key() const { return key_; }

  /// "USER sip:ines@lab.example AA": printable ASCII on one line.
  std::string to_string() const;
  /// The same text in all parts.
  bool operator==(const Ace&) const = default;

 private:
  Scope scope_ = Scope::all;
  std::string mask_;
  std::string key_;
  Rights rights_;
};

}  // namespace kith::acl
