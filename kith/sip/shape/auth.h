#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/base/text.h"
#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// What the parameters of the header are for; so also which of them it has.
enum class AuthRole : std::uint8_t { challenge, credentials, info };

/// nc-value = 8LHEX, as a number: RFC 3261 §25.1
std::optional<std::uint32_t> nonce_count(std::optional<std::string_view> text);
/// Whether a list of tokens with commas between them has this one, in any case.
bool list_has(std::string_view list, std::string_view wanted);

/// A challenge or credentials: auth-scheme LWS auth-param *( COMMA auth-param ); RFC 3261 §20.44.
/// A comma is part of the grammar, so each stands on a line of its own: RFC 3261 §7.3.1
/// Authentication-Info has no scheme in RFC 7615; SIP servers of Microsoft put one first.
template <class Name, class Text>
struct AuthHeader {
  static constexpr HeaderName name = Name::name;
  static constexpr bool is_challenge = Name::role == AuthRole::challenge;
  static constexpr bool is_credentials = Name::role == AuthRole::credentials;
  static constexpr bool is_info = Name::role == AuthRole::info;
  using View = AuthHeader<Name, std::string_view>;
  using Value = AuthHeader<Name, std::string>;

  Text scheme{};
  BasicParams<Text, ','> params{};

  // The parameters of Digest, and those of its kin that have the same names. As find() has them:
  // without quotes, with escapes. RFC 3261 §25.1, RFC 7616 §3.3, §3.4, §3.5
  using Found = std::optional<std::string_view>;

  Found qop() const { return params.find("qop"); }
  Found realm() const
    requires(!is_info)
  {
    return params.find("realm");
  }
  Found nonce() const
    requires(!is_info)
  {
    return params.find("nonce");
  }
  Found opaque() const
    requires(!is_info)
  {
    return params.find("opaque");
  }
  /// Absent counts as MD5.
  Found algorithm() const
    requires(!is_info)
  {
    return params.find("algorithm");
  }

  /// URIs with blanks between them.
  Found domain() const
    requires(is_challenge)
  {
    return params.find("domain");
  }
  /// True: only the nonce was too old, the password may be right.
  bool stale() const
    requires(is_challenge)
  {
    return equal_ignoring_case(params.find("stale").value_or("false"), "true");
  }
  /// Whether qop, which is a list here, has this one: offers_qop("auth")
  bool offers_qop(std::string_view wanted) const
    requires(is_challenge)
  {
    return list_has(qop().value_or(""), wanted);
  }
  /// The keys of AKA, which only the first proxy may see: hexadecimal digits; 3GPP TS 24.229
  Found ik() const
    requires(is_challenge)
  {
    return params.find("ik");
  }
  Found ck() const
    requires(is_challenge)
  {
    return params.find("ck");
  }

  Found username() const
    requires(is_credentials)
  {
    return params.find("username");
  }
  Found uri() const
    requires(is_credentials)
  {
    return params.find("uri");
  }
  Found response() const
    requires(is_credentials)
  {
    return params.find("response");
  }
  /// Base64, when the sequence numbers of AKA no longer agree: RFC 3310 §3.4
  Found auts() const
    requires(is_credentials)
  {
    return params.find("auts");
  }
  /// "yes", "no" or another token, from a proxy that knows: 3GPP TS 24.229
  Found integrity_protected() const
    requires(is_credentials)
  {
    return params.find("integrity-protected");
  }

  Found cnonce() const
    requires(!is_challenge)
  {
    return params.find("cnonce");
  }
  /// The number that nc has in eight hexadecimal digits; nothing if they are not just these.
  std::optional<std::uint32_t> nc() const
    requires(!is_challenge)
  {
    return nonce_count(params.find("nc"));
  }

  Found nextnonce() const
    requires(is_info)
  {
    return params.find("nextnonce");
  }
  /// The proof that the server knows the password as well, or the signature of Kerberos and NTLM.
  Found rspauth() const
    requires(is_info)
  {
    return params.find("rspauth");
  }

  static std::optional<AuthHeader> parse(Scanner& in) { return parse_as<AuthHeader>(in); }
  void write(Writer& out) const {
    out << scheme;
    if (!scheme.empty()) out << ' ';
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.scheme, self.params); }
  bool operator==(const AuthHeader&) const = default;
};

/// The same parameters in any order: names and tokens without regard to case, what stands in quotes
/// with it, escapes undone; RFC 3261 §7.3.1
bool equivalent(const AuthParamsView& a, const AuthParamsView& b);

/// The same scheme in any case, and the same parameters.
template <class Name, class A, class B>
bool equivalent(const AuthHeader<Name, A>& a, const AuthHeader<Name, B>& b) {
  return equal_ignoring_case(a.scheme, b.scheme) &&
         equivalent(AuthParamsView{a.params}, AuthParamsView{b.params});
}

/// Only an info may have no scheme.
bool read_auth(Scanner& in, std::string_view& scheme, AuthParamsView& params, AuthRole role);

/// Which parameters are held to their grammar is for the role of Name to say: see read_auth().
template <class Name>
bool read(Scanner& in, AuthHeader<Name, std::string_view>& to) {
  return read_auth(in, to.scheme, to.params, Name::role);
}

}  // namespace kith::sip
