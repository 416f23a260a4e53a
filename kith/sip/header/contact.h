#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kith/sip/header.h"
#include "kith/sip/params.h"
#include "kith/sip/qvalue.h"
#include "kith/sip/shape/name_addr.h"
#include "kith/sip/uri.h"

namespace kith::sip {

/// Contact       = STAR / contact-param *( COMMA contact-param )
/// contact-param = ( name-addr / addr-spec ) *( SEMI contact-params )
/// RFC 3261 §20.10. A URI with ",", ";" or "?" needs angle brackets.
template <class Text>
struct BasicContact {
  static constexpr HeaderName name{.full = "Contact", .compact = 'm', .multi = true};
  using View = BasicContact<std::string_view>;
  using Value = BasicContact<std::string>;

  bool wildcard = false;  // "*", only with Expires: 0 in a REGISTER; then all else is empty
  Text display_name{};
  BasicUri<Text> uri{};
  BasicParams<Text, ';'> params{};

  /// Nothing if absent or not a qvalue.
  std::optional<QValue> q() const;
  /// Seconds; a value that is no number counts as 3600 (RFC 3261 §10.3).
  std::optional<std::uint32_t> expires() const;
  /// +sip.instance without the angle brackets: RFC 5626 §4.1
  std::optional<std::string_view> instance() const;
  /// Which of a user agent's flows, from 1 below 2**31; nothing if it is no such number:
  /// RFC 5626 §10
  std::optional<std::uint32_t> reg_id() const;
  /// URIs that reach this user agent only, the second without telling who it is: RFC 5627 §7
  std::optional<std::string_view> pub_gruu() const { return params.find("pub-gruu"); }
  std::optional<std::string_view> temp_gruu() const { return params.find("temp-gruu"); }

  /// Of a redirection, by its index in History-Info: the entry whose target this one is for the
  /// same user (rc), for another (mp), or unchanged (np): RFC 7044 §5
  std::optional<std::string_view> rc() const { return params.find("rc"); }
  std::optional<std::string_view> mp() const { return params.find("mp"); }
  std::optional<std::string_view> np() const { return params.find("np"); }

  static std::optional<BasicContact> parse(Scanner& in) { return parse_as<BasicContact>(in); }
  void write(Writer& out) const;
  bool operator==(const BasicContact&) const = default;
};

using Contact = BasicContact<std::string>;
using ContactView = BasicContact<std::string_view>;
/// "*" is refused beside any other value; a known parameter that breaks its grammar is noted when
/// lenient, and refused when strict.
bool read(Scanner& in, ContactView& contact);
/// The usual one: see read_usual_name_addr().
inline bool read_usual(const Cursor& text, ContactView& contact) {
  return read_usual_name_addr(text, contact.display_name, contact.uri, contact.params);
}
/// With the escapes of its display name undone.
Contact own(const ContactView& view);
static_assert(Header<Contact>);

/// Whether a REGISTER with these two means the same binding: RFC 3261 §10.2.4
bool equivalent(const Contact& a, const Contact& b);

}  // namespace kith::sip
